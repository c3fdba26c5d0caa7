use std::borrow::Cow;

use chrono::{DateTime, Utc};
use console::Ctx;
use console::notify::pull::tell;
use domain::PgConnection;
use domain::delivery::Claimed;
use domain::github::{Asking, Change, Happened, Known, State, Target, Telling};

use super::event::Event;
use super::kind::Kind;
use super::names::names;
use super::settle::{Act, finish, take};
use super::wire::{Payload, Pull};
use super::{check, comment, deployment, diff, mentions, organization, poll, pull, push, repository, review};
use crate::apply::Applied;
use crate::failing::told_by;
use crate::form;
use crate::zeros::without_zeros;

/// What an event came to.
pub(super) enum Said {
    /// It is known now; with what happened to pull requests by it.
    Known(Vec<Happened>),
    /// It says nothing that we keep.
    Nothing,
    /// It could not be understood: why.
    Unclear(String),
}

impl Said {
    pub(super) fn unclear(why: &str) -> anyhow::Result<Self> {
        Ok(Self::Unclear(why.into()))
    }
}

/// Locks what events will touch, before the first of them is applied: two replicas whose events touch the same in another order
/// would wait for each other.
async fn prepare(db: &mut PgConnection, events: &[Claimed]) -> sqlx::Result<()> {
    // Of those that are about a whole repository, pushes touch its pull requests.
    let touches = |it: &&Claimed| it.subject.as_ref().is_some_and(|on| it.event == "push" || on.contains(['#', '@']));
    let subjects: Vec<String> = events.iter().filter(touches).filter_map(|it| it.subject.clone()).collect();
    if subjects.is_empty() { Ok(()) } else { Known::lock(db, &subjects).await }
}

/// Applies events of GitHub, or what reading its API told, and tells people of them.
pub(crate) async fn apply(ctx: &Ctx, db: &mut PgConnection, events: &[Claimed]) -> anyhow::Result<Vec<Applied>> {
    prepare(&mut *db, events).await?;
    let mut applied = Vec::new();
    for it in events {
        applied.push(one(ctx, &mut *db, it).await?);
    }
    Ok(applied)
}

async fn one(ctx: &Ctx, db: &mut PgConnection, claimed: &Claimed) -> anyhow::Result<Applied> {
    match project(db, claimed, Utc::now()).await? {
        Said::Known(happened) => {
            for it in &happened {
                told_by(tell(ctx, db, it).await)?;
            }
            Ok(Applied::Done)
        }
        Said::Nothing => Ok(Applied::Ignored),
        Said::Unclear(why) => Ok(Applied::Unparsed(why)),
    }
}

/// Writes what an event means; with what people may want to know of it.
pub(super) async fn project(db: &mut PgConnection, claimed: &Claimed, now: DateTime<Utc>) -> anyhow::Result<Said> {
    let json = match claimed.body.trim_ascii_start().first() {
        Some(b'{') => Cow::Borrowed(&claimed.body[..]),
        // It was looked at when it came; a form is no JSON.
        _ => form::payload(&claimed.body).map_or(Cow::Borrowed(&claimed.body[..]), Cow::Owned),
    };
    let body = without_zeros(&json);
    if claimed.external_id.starts_with(super::OURS) {
        return poll::apply(db, (claimed, &body), now).await;
    }
    let kind = Kind::of(&claimed.event);
    if kind == Kind::Nothing {
        return Ok(Said::Nothing);
    }
    let payload = match Payload::parse(&body) {
        Ok(payload) => payload,
        Err(why) => return Ok(Said::Unclear(why)),
    };
    let event = Event::of(&payload, claimed, now);
    names(&payload).write(&mut *db, event.named_at()).await?;
    match kind {
        Kind::PullRequest => of_pull(db, &event).await,
        Kind::Review => review::apply(db, &event).await,
        Kind::ReviewComment => comment::of_a_line(db, &event).await,
        Kind::ReviewThread => thread(db, &event).await,
        Kind::IssueComment => comment::of_all(db, &event).await,
        Kind::CheckRun => check::run(db, &event).await,
        Kind::Status => check::status(db, &event).await,
        Kind::WorkflowRun => check::workflow(db, &event).await,
        Kind::Push => push::apply(db, &event).await,
        Kind::Deployment | Kind::DeploymentStatus => deployment::apply(db, &event).await,
        Kind::Repository => repository::apply(db, &event).await,
        Kind::Team => organization::team(db, &event).await,
        Kind::Membership => organization::membership(db, &event).await,
        Kind::Organization => organization::apply(db, &event).await,
        Kind::Installation | Kind::InstallationRepositories => repository::readable(db, &event).await,
        Kind::Nothing => Ok(Said::Nothing),
    }
}

/// The pull request that an event is about, and where it is.
pub(super) fn subject<'a>(event: &Event<'a>) -> Option<(i64, &'a Pull)> {
    Some((event.payload.repository.as_ref()?.id, event.payload.pull_request.as_ref()?))
}

/// Why an event about a pull request cannot be understood.
pub(super) const NO_PULL: &str = "it names no pull request, or no repository";

async fn of_pull(db: &mut PgConnection, event: &Event<'_>) -> anyhow::Result<Said> {
    let Some((repository, pull)) = subject(event) else { return Said::unclear(NO_PULL) };
    let telling = pull::told(event, repository, pull);
    let Some(taken) = take(db, &telling).await? else { return Said::unclear(NO_PULL) };
    let at = telling.moment.at;
    let opened = event.payload.action() == "opened";
    let act = Act {
        at,
        by: event.by(),
        more: more(db, event, (&taken.before, &taken.after)).await?,
        asks: if opened { taken.after.requests().to_vec() } else { asked(&telling) },
        done: None,
        reason: event.payload.reason.clone(),
        news: event.news(at),
    };
    let happened = finish(db, &taken, act).await?;
    if let (Some(by), [(of, true)]) = (event.by(), &telling.asked[..]) {
        Asking::attribute(db, telling.id, (*of, by)).await?;
    }
    Ok(Said::Known(happened.into_iter().collect()))
}

fn asked(telling: &Telling) -> Vec<Target> {
    telling.asked.iter().filter(|it| it.1).map(|it| it.0).collect()
}

/// What an event about a pull request says beside what can be seen of it.
async fn more(
    db: &mut PgConnection,
    event: &Event<'_>,
    (before, after): (&Option<Known>, &Known),
) -> anyhow::Result<Vec<Change>> {
    let body = event.payload.pull_request.as_ref().and_then(|it| it.body.as_deref()).unwrap_or_default();
    let mentioned = |logins: Vec<String>| (!logins.is_empty()).then_some(Change::Mentioned { logins });
    match event.payload.action() {
        // It may come after what was done to it since.
        "opened" if comment::first(db, event, after).await? => {
            let opened = (after.state == State::Open).then_some(Change::Opened);
            Ok(opened.into_iter().chain(mentioned(mentions::mentions(body))).collect())
        }
        "edited" if before.as_ref().is_some_and(|it| it.told != after.told) => {
            let was = event.payload.changes.as_ref().and_then(|it| it.body.as_ref()).and_then(|it| it.from.as_deref());
            Ok(was.and_then(|was| mentioned(mentions::newly(body, was))).into_iter().collect())
        }
        action if before.is_none() => {
            Ok(diff::own(action, after, event.payload.reason.as_deref()).into_iter().collect())
        }
        _ => Ok(Vec::new()),
    }
}

/// What was said about a line is settled: that shows the pull request as it is.
async fn thread(db: &mut PgConnection, event: &Event<'_>) -> anyhow::Result<Said> {
    let Some((repository, pull)) = subject(event) else { return Said::unclear(NO_PULL) };
    let telling = pull::shown(event, repository, pull);
    let Some(taken) = take(db, &telling).await? else { return Ok(Said::Nothing) };
    let happened = finish(db, &taken, seen(event, &telling)).await?;
    Ok(Said::Known(happened.into_iter().collect()))
}

/// An act of somebody that shows the pull request beside what it is about.
pub(super) fn seen(event: &Event<'_>, telling: &Telling) -> Act {
    let at = telling.moment.at;
    Act { at, by: event.by(), more: Vec::new(), asks: Vec::new(), done: None, reason: None, news: event.news(at) }
}
