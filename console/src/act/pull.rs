//! Acting on pull requests: reminding reviewers, hearing nothing for a while, passing a review on.

use cards::{Act, Action, Card, Emphasis, Text};
use chrono::{DateTime, TimeDelta, Utc};
use domain::PgConnection;
use domain::audit::Receipt;
use domain::github::{Aside, Notice, Nudge, PullRequest, Somebody, Standing, State, Whole, audience, handing, people};
use domain::intent::Intent;
use domain::person::Person;
use domain::preference::Defaults;
use domain::rhythm::Rhythm;
use domain::working::WorkingHours;
use serde_json::{Value, json};
use uuid::Uuid;

use super::pass::{self, ALONE, LISTED_STILL};
use super::subject::Acted;
use super::{Asker, Deed, PullWork, Seen, order, review};
use crate::access::{self, AUTHORS, REVIEWERS, Resource};
use crate::incident::one_line;
use crate::notify::pull as notices;
use crate::{Ctx, Failure, Reply, UserError, pull};

/// Reviewers are reminded of a pull request once in so much working time.
const COOLDOWN: TimeDelta = TimeDelta::hours(4);

/// A pull request, as somebody is about to act on it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Case {
    work: PullWork,
    whole: Whole,
    authors: Vec<Uuid>,
    reviewers: Vec<Uuid>,
    nudged: Option<Nudge>,
    /// Who passed it on last, and to whom.
    passed: Option<(Somebody, Option<Somebody>)>,
    defaults: Defaults,
    /// Whether GitHub does what is ordered.
    connected: bool,
}

/// Another one whenever it should be looked at again: once it is over.
fn version(pull: &PullRequest) -> i64 {
    match pull.state {
        State::Open => 1,
        State::Closed => 2,
        State::Merged => 3,
    }
}

/// What policies look at, of the pull request that these words name.
pub(crate) async fn resource(ctx: &Ctx, words: &str) -> Result<Resource, Failure> {
    let mut db = ctx.db.acquire().await?;
    let id = pull::one(&mut db, words).await?;
    let case = Case::of(&mut db, ctx, (PullWork::Snooze, id)).await?;
    Ok(case.map_or_else(|| PullWork::Snooze.action().resource(None), |it| it.resource()))
}

/// What somebody typed who wants to do something about the pull request that these words name.
pub async fn ask(ctx: &Ctx, asker: Asker<'_>, work: PullWork, words: &str) -> Reply {
    let id = pull::one(&mut *ctx.db.acquire().await?, words).await?;
    review(ctx, asker, &Deed::Pull(work, id), (Seen::Now, &Value::Null)).await
}

/// The buttons of a pull request's card: what whoever reads it may do, as far as it is of use to them. What they may is asked again at the
/// press.
pub async fn buttons(ctx: &Ctx, asker: Option<&Person>, whole: &Whole) -> Result<Vec<Action>, Failure> {
    let Some(asker) = asker.filter(|_| whole.pull_request.state == State::Open) else { return Ok(Vec::new()) };
    let (case, told, drawn) = {
        let mut db = ctx.db.acquire().await?;
        let case = Case::around(&mut db, ctx, (PullWork::Snooze, whole.clone())).await?;
        let told = Notice::with(&mut *db, asker.id, whole.pull_request.id).await?;
        (case, told, drawn(&mut db, whole).await?)
    };
    let mut buttons = Vec::new();
    for (work, button) in drawn {
        if case.is_of_use(work, asker, told) && case.lets(ctx, asker, work).await? {
            buttons.push(button);
        }
    }
    Ok(buttons)
}

/// Whether reminding those who are asked could bring it on.
pub(crate) fn waits_for_reviewers(whole: &Whole) -> bool {
    match Standing::of(whole) {
        Standing::Merged | Standing::Closed | Standing::Draft | Standing::Queued | Standing::Ready => false,
        Standing::Conflicts | Standing::ChecksFailed | Standing::ChangesRequested => !whole.requests.is_empty(),
        Standing::ChecksRunning | Standing::OutOfDate | Standing::AwaitingReview => !whole.requests.is_empty(),
    }
}

/// Every button, drawn at once.
pub(crate) async fn drawn(db: &mut PgConnection, whole: &Whole) -> sqlx::Result<Vec<(PullWork, Action)>> {
    let words = PullWork::ALL.map(|it| it.action().as_str());
    let intents = Intent::all(db, &words, &whole.pull_request.id.to_string()).await?;
    let version = version(&whole.pull_request);
    let button = |(work, intent): (PullWork, Uuid)| {
        let (label, emphasis) = (work.label().into(), Emphasis::Normal);
        (work, Action::Act { label, act: Act { intent, version }, emphasis })
    };
    Ok(PullWork::ALL.into_iter().zip(intents).map(button).collect())
}

impl Case {
    pub(super) async fn of(
        db: &mut PgConnection,
        ctx: &Ctx,
        (work, id): (PullWork, i64),
    ) -> sqlx::Result<Option<Self>> {
        match Whole::of(&mut *db, &[id]).await?.pop() {
            Some(whole) => Ok(Some(Self::around(db, ctx, (work, whole)).await?)),
            None => Ok(None),
        }
    }

    async fn around(db: &mut PgConnection, ctx: &Ctx, (work, whole): (PullWork, Whole)) -> sqlx::Result<Self> {
        let id = whole.pull_request.id;
        let author: Vec<i64> = whole.pull_request.author_id.into_iter().collect();
        let authors = people::of(&mut *db, &author).await?.into_values().collect();
        let reviewers = handing::reviewers(&mut *db, id).await?;
        let nudged = Nudge::last(&mut *db, id).await?;
        let passed = match work {
            PullWork::Pass => passed(&mut *db, id).await?,
            PullWork::Nudge | PullWork::Snooze => None,
        };
        let (defaults, connected) = (ctx.defaults.as_ref().clone(), ctx.github);
        Ok(Self { work, whole, authors, reviewers, nudged, passed, defaults, connected })
    }

    /// Whether doing that would change anything for somebody who was told of it, or put it aside, or neither.
    fn is_of_use(&self, work: PullWork, asker: &Person, told: Option<Option<Aside>>) -> bool {
        let wrote = self.authors.contains(&asker.id);
        let asked = self.reviewers.contains(&asker.id);
        let aside = told.flatten();
        match work {
            PullWork::Nudge => waits_for_reviewers(&self.whole),
            PullWork::Pass => asked && !wrote && aside != Some(Aside::Passed),
            PullWork::Snooze => (wrote || asked || told.is_some()) && aside.is_none(),
        }
    }

    async fn lets(&self, ctx: &Ctx, asker: &Person, work: PullWork) -> Result<bool, Failure> {
        Ok(access::decide(ctx, asker, work.action(), &self.resource()).await?.allowed)
    }

    pub(super) fn resource(&self) -> Resource {
        let resource = self.work.action().resource(Some(&self.whole.reference()));
        resource.with(AUTHORS, self.authors.clone()).with(REVIEWERS, self.reviewers.clone())
    }

    pub(super) fn version(&self) -> i64 {
        version(&self.whole.pull_request)
    }

    pub(super) fn is_open(&self) -> bool {
        self.whole.pull_request.state == State::Open
    }

    pub(super) fn done(&self) -> &'static str {
        match self.work {
            PullWork::Nudge => "Reviewers were reminded",
            PullWork::Snooze => "Snoozed until somebody does something",
            PullWork::Pass => "Passed on",
        }
    }

    pub(super) fn card(&self) -> Card {
        let pull = &self.whole.pull_request;
        let title = format!("{} {}", self.whole.reference(), one_line(&pull.title));
        let card = Card::new(&title).results(1);
        let link = pull.url.as_ref().map_or_else(|| Text::plain(&title), |url| Text::site(&title, url));
        let card = card.fact("Pull request", link);
        let card = match pull.state {
            State::Open => card,
            State::Merged => card.text("It is merged: there is nothing to do about it any more."),
            State::Closed => card.text("It was closed: there is nothing to do about it any more."),
        };
        match (self.work, &self.passed) {
            (PullWork::Snooze, _) | (PullWork::Nudge | PullWork::Pass, _) if !self.is_open() => card,
            (PullWork::Snooze, _) => card.text("You hear of it again when somebody else does something."),
            (PullWork::Nudge, _) => match self.nudged {
                Some(it) => card.fact("Reminded", Text::ago(it.nudged_at)),
                None => card,
            },
            (PullWork::Pass, Some((_, Some(to)))) => {
                card.fact("Passed to", Text::person(&to.name, &to.display)).text(LISTED_STILL)
            }
            (PullWork::Pass, Some((_, None))) => card.text(ALONE).text(LISTED_STILL),
            (PullWork::Pass, None) => card,
        }
    }

    /// With who gets the review instead.
    pub(super) async fn prepare(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        input: &Value,
    ) -> Result<Value, Failure> {
        match self.work {
            PullWork::Nudge | PullWork::Snooze => Ok(input.clone()),
            PullWork::Pass => {
                Ok(pass::prepare(db, (self.whole.pull_request.id, asker.person.id), self.connected).await?)
            }
        }
    }

    pub(super) fn proposal(&self, input: &Value) -> Card {
        pass::proposal(&self.whole, input)
    }

    pub(super) async fn act(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        (input, receipt): (&Value, Receipt),
    ) -> Result<Result<Acted, UserError>, Failure> {
        let (id, now) = (self.whole.pull_request.id, Utc::now());
        match self.work {
            PullWork::Nudge => self.nudge(db, asker, now).await.map(|it| it.map(Acted::Done)),
            PullWork::Snooze => {
                notices::choose((db, &self.defaults), (id, asker.person.id), |it| it.snoozed_at = Some(now)).await?;
                Ok(Ok(Acted::Done(json!({}))))
            }
            PullWork::Pass => {
                if self.prepare(&mut *db, asker, &Value::Null).await? != *input {
                    let advice = "Somebody else is next than when you were asked. Nothing was done; ask again.";
                    return Ok(Err(UserError::new("This has changed since you were asked", advice)));
                }
                if pass::there(input) {
                    order::place(db, asker, (&Deed::Pull(self.work, id), input), (None, receipt)).await?;
                    return Ok(Ok(Acted::Ordered));
                }
                let told = pass::keep((db, &self.defaults), (id, asker.person), input).await?;
                Ok(Ok(Acted::Done(json!({ "to": input["login"], "told": told }))))
            }
        }
    }

    async fn nudge(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        now: DateTime<Utc>,
    ) -> Result<Result<Value, UserError>, Failure> {
        if let Some(it) = self.nudged {
            let working = Rhythm::of_one(&mut *db, &self.defaults, asker.person.id).await?.working;
            let again = after(working, it.nudged_at, COOLDOWN);
            if now < again {
                return Ok(Err(early(it.nudged_at, again)));
            }
        }
        if Standing::of(&self.whole) == Standing::Draft {
            return Ok(Err(UserError::new("This is a draft", "Mark it ready first; whoever is asked is told then.")));
        }
        let id = self.whole.pull_request.id;
        let told = notices::remind((&mut *db, &self.defaults), (id, asker.person), now).await?;
        if told.is_empty() {
            let advice =
                "Nobody who is asked can be told from here. Ask somebody at GitHub, or in your team's channel.";
            return Ok(Err(UserError::new("There is nobody to remind", advice)));
        }
        Nudge { person_id: asker.person.id, nudged_at: now }.write(db, id).await?;
        Ok(Ok(json!({ "told": told })))
    }
}

/// The moment that so much working time after another one is over.
fn after(working: WorkingHours, at: DateTime<Utc>, mut time: TimeDelta) -> DateTime<Utc> {
    let mut counted = at;
    for (begins, ends) in working.spans(at) {
        // An hour that comes twice may belong to two times of work.
        let from = begins.max(counted);
        let left = (ends - from).max(TimeDelta::zero());
        if time <= left {
            return from + time;
        }
        time -= left;
        counted = ends.max(counted);
    }
    at + time
}

fn early(nudged: DateTime<Utc>, again: DateTime<Utc>) -> UserError {
    let text = Text::plain("Its reviewers were reminded ").then(Text::ago(nudged));
    let hours = COOLDOWN.num_hours();
    let text = text.then(format!(". That is possible once in {hours} hours of work: again ")).then(Text::moment(again));
    UserError::new("They were reminded a while ago", text.then("."))
}

async fn passed(db: &mut PgConnection, id: i64) -> sqlx::Result<Option<(Somebody, Option<Somebody>)>> {
    let Some((by, to)) = handing::last_pass(&mut *db, id).await? else { return Ok(None) };
    let ids: Vec<Uuid> = std::iter::once(by).chain(to).collect();
    let known = audience::somebody(db, &ids).await?;
    Ok(known.get(&by).map(|it| (it.clone(), to.and_then(|to| known.get(&to).cloned()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_and_weekends_do_not_count() {
        let working = WorkingHours { zone: chrono_tz::Europe::Berlin, ..WorkingHours::default() };
        let after = |at: &str| after(working, at.parse().expect("a moment"), TimeDelta::hours(4)).to_rfc3339();
        // A Friday, in winter an hour ahead of UTC.
        assert_eq!(after("2026-11-20T08:00:00Z"), "2026-11-20T12:00:00+00:00");
        assert_eq!(after("2026-11-20T14:00:00Z"), "2026-11-23T10:00:00+00:00");
        assert_eq!(after("2026-11-21T03:00:00Z"), "2026-11-23T12:00:00+00:00");
        assert_eq!(after("2026-11-20T05:00:00Z"), "2026-11-20T12:00:00+00:00");
        // The clocks go back in the night to Sunday.
        assert_eq!(after("2026-10-23T13:00:00Z"), "2026-10-26T10:00:00+00:00");
    }
}
