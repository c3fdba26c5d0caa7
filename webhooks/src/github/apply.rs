use chrono::{DateTime, Utc};
use console::Ctx;
use console::notify::pull::tell;
use domain::PgConnection;
use domain::delivery::Claimed;
use domain::github::{About, Change, Desk, Happened, Known, News, State, Target, Telling};

use super::event::Event;
use super::kind::Kind;
use super::names::names;
use super::read::{Content, Read};
use super::settle::{Act, finish, take};
use super::wire::Pull;
use super::{alone, check, comment, deployment, diff, mentions, poll, pull, push, review};
use crate::apply::Applied;
use crate::failing::told_by;

/// What an event came to.
pub(super) enum Said<T = Happened> {
    /// It is known now; with what happened to pull requests by it.
    Known(Vec<T>),
    /// It says nothing that we keep.
    Nothing,
    /// It could not be understood: why.
    Unclear(String),
}

impl Said {
    pub(super) fn unclear(why: &str) -> Self {
        Self::Unclear(why.into())
    }

    /// The same with how each pull request stands after it.
    fn seen(self, desk: &Desk) -> Said<News> {
        let news = |happened: Happened| Some(News { whole: desk.whole(happened.pull_request_id)?, happened });
        match self {
            Self::Known(all) => Said::Known(all.into_iter().filter_map(news).collect()),
            Self::Nothing => Said::Nothing,
            Self::Unclear(why) => Said::Unclear(why),
        }
    }
}

/// Applies events of GitHub, and what reading its API told, in this order, and tells people of it.
pub(crate) async fn apply(ctx: &Ctx, db: &mut PgConnection, events: &[Claimed]) -> anyhow::Result<Vec<Applied>> {
    let (mut applied, mut news) = (Vec::with_capacity(events.len()), Vec::new());
    for said in project(db, events, Utc::now()).await? {
        applied.push(match said {
            Said::Known(more) => {
                news.extend(more);
                Applied::Done
            }
            Said::Nothing => Applied::Ignored,
            Said::Unclear(why) => Applied::Unparsed(why),
        });
    }
    told_by(tell(ctx, db, &news).await)?;
    Ok(applied)
}

/// Writes what events mean; with what people may want to know of each.
pub(super) async fn project(
    db: &mut PgConnection,
    events: &[Claimed],
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<Said<News>>> {
    let read: Vec<Read<'_>> = events.iter().map(Read::of).collect();
    let parts: Vec<&[Read<'_>]> = read.chunk_by(|before, next| !before.alone() && !next.alone()).collect();
    if parts.len() > 1 {
        // All at once, so that two transactions never wait for each other.
        Known::hold(&mut *db, &about(&read)).await?;
    }
    let mut said = Vec::with_capacity(read.len());
    for part in parts {
        match part {
            [it] if it.alone() => said.push(alone::apply(&mut *db, it, now).await?),
            _ => said.extend(together(&mut *db, part, now).await?),
        }
    }
    Ok(said)
}

fn about(read: &[Read<'_>]) -> About {
    read.iter().fold(About::default(), |about, it| about.and(it.about()))
}

/// Projects events in memory, one after the other, between one reading and one writing of all that they are about.
async fn together(db: &mut PgConnection, read: &[Read<'_>], now: DateTime<Utc>) -> sqlx::Result<Vec<Said<News>>> {
    loop {
        let mut desk = Desk::lay(&mut *db, &about(read)).await?;
        let said = read.iter().map(|it| one(&mut desk, it, now).seen(&desk)).collect();
        if desk.write(&mut *db).await? {
            return Ok(said);
        }
    }
}

fn one(desk: &mut Desk, read: &Read<'_>, now: DateTime<Utc>) -> Said {
    let (kind, payload) = match &read.content {
        Content::Event(kind, payload) => (*kind, payload),
        Content::Snapshot(it) => return poll::apply(desk, it, read, now),
        Content::Nothing => return Said::Nothing,
        Content::Unclear(why) => return Said::unclear(why),
    };
    let event = read.event(payload, now);
    desk.name(&names(payload), event.named_at());
    match kind {
        Kind::PullRequest => of_pull(desk, &event),
        Kind::Review => review::apply(desk, &event),
        Kind::ReviewComment => comment::of_a_line(desk, &event),
        Kind::ReviewThread => thread(desk, &event),
        Kind::IssueComment => comment::of_all(desk, &event),
        Kind::CheckRun => check::run(desk, &event),
        Kind::Status => check::status(desk, &event),
        Kind::WorkflowRun => check::workflow(desk, &event),
        Kind::Push => push::apply(desk, &event),
        Kind::Deployment | Kind::DeploymentStatus => deployment::apply(desk, &event),
        // Applied alone.
        Kind::Repository | Kind::Team | Kind::Membership | Kind::Organization => Said::Nothing,
        Kind::Installation | Kind::InstallationRepositories | Kind::Nothing => Said::Nothing,
    }
}

/// The pull request that an event is about, and where it is.
pub(super) fn subject<'a>(event: &Event<'a>) -> Option<(i64, &'a Pull)> {
    Some((event.payload.repository.as_ref()?.id, event.payload.pull_request.as_ref()?))
}

/// Why an event about a pull request cannot be understood.
pub(super) const NO_PULL: &str = "it names no pull request, or no repository";

fn of_pull(desk: &mut Desk, event: &Event<'_>) -> Said {
    let Some((repository, pull)) = subject(event) else { return Said::unclear(NO_PULL) };
    let telling = pull::told(event, repository, pull);
    let Some(taken) = take(desk, &telling) else { return Said::unclear(NO_PULL) };
    let at = telling.moment.at;
    let opened = event.payload.action() == "opened";
    let act = Act {
        at,
        by: event.by(),
        more: more(desk, event, (&taken.before, &taken.after)),
        asks: if opened { taken.after.requests().to_vec() } else { asked(&telling) },
        done: None,
        reason: event.payload.reason.clone(),
        news: event.news(at),
    };
    let happened = finish(desk, taken, act);
    if let (Some(by), [(of, true)]) = (event.by(), &telling.asked[..]) {
        desk.attribute(telling.id, (*of, by));
    }
    Said::Known(happened.into_iter().collect())
}

fn asked(telling: &Telling) -> Vec<Target> {
    telling.asked.iter().filter(|it| it.1).map(|it| it.0).collect()
}

/// What an event about a pull request says beside what can be seen of it.
fn more(desk: &mut Desk, event: &Event<'_>, (before, after): (&Option<Known>, &Known)) -> Vec<Change> {
    let body = event.payload.pull_request.as_ref().and_then(|it| it.body.as_deref()).unwrap_or_default();
    let mentioned = |logins: Vec<String>| (!logins.is_empty()).then_some(Change::Mentioned { logins });
    match event.payload.action() {
        // It may come after what was done to it since.
        "opened" if comment::first(desk, event, after) => {
            let opened = (after.state == State::Open).then_some(Change::Opened);
            opened.into_iter().chain(mentioned(mentions::mentions(body))).collect()
        }
        "edited" if before.as_ref().is_some_and(|it| it.told != after.told) => {
            let was = event.payload.changes.as_ref().and_then(|it| it.body.as_ref()).and_then(|it| it.from.as_deref());
            was.and_then(|was| mentioned(mentions::newly(body, was))).into_iter().collect()
        }
        action if before.is_none() => diff::own(action, after, event.payload.reason.as_deref()).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What was said about a line is settled: that shows the pull request as it is.
fn thread(desk: &mut Desk, event: &Event<'_>) -> Said {
    let Some((repository, pull)) = subject(event) else { return Said::unclear(NO_PULL) };
    let telling = pull::shown(event, repository, pull);
    let Some(taken) = take(desk, &telling) else { return Said::Nothing };
    let happened = finish(desk, taken, seen(event, &telling));
    Said::Known(happened.into_iter().collect())
}

/// An act of somebody that shows the pull request beside what it is about.
pub(super) fn seen(event: &Event<'_>, telling: &Telling) -> Act {
    let at = telling.moment.at;
    Act { at, by: event.by(), more: Vec::new(), asks: Vec::new(), done: None, reason: None, news: event.news(at) }
}
