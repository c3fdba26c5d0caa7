//! How what is told of a pull request becomes what is known, and what that changed.

use chrono::{DateTime, TimeDelta, Utc};
use domain::github::{Asking, Change, Desk, Happened, Known, Mergeable, Outcome, Standing, State, Target, Telling};

use super::diff::changes;
use super::history::acts;

/// What is new to us and was opened within this time, is new altogether.
const NEW: TimeDelta = TimeDelta::minutes(10);

/// A pull request before and after it was told of.
pub(super) struct Taken {
    /// As it was known.
    pub(super) before: Option<Known>,
    /// As it is known now.
    pub(super) after: Known,
}

/// Who did what when.
pub(super) struct Act {
    /// When, by GitHub's clock.
    pub(super) at: DateTime<Utc>,
    /// Who.
    pub(super) by: Option<i64>,
    /// What it did beside what can be seen of the pull request.
    pub(super) more: Vec<Change>,
    /// Whom they asked to review it.
    pub(super) asks: Vec<Target>,
    /// Who is asked no longer since they did it; that is no news.
    pub(super) done: Option<Target>,
    /// GitHub's word for why it left the merge queue.
    pub(super) reason: Option<String>,
    /// Whether people may be told.
    pub(super) news: bool,
}

/// Merges what is told into what is known; nothing where that is not enough to know of it.
pub(super) fn take(desk: &Desk, telling: &Telling) -> Option<Taken> {
    let before = desk.known(telling.id).cloned();
    let after = telling.onto(before.as_ref())?;
    Some(Taken { before, after })
}

/// Takes up what is known now; what happened, if anything did.
pub(super) fn finish(desk: &mut Desk, taken: Taken, act: Act) -> Option<Happened> {
    let Taken { before, after } = taken;
    let (id, place) = (after.id, (Some(after.id), after.repository_id, after.number));
    let was = before.as_ref().map_or(&[][..], |it| it.requests());
    let came: Vec<Target> = after.requests().iter().filter(|it| !was.contains(it)).copied().collect();
    let gone: Vec<Target> = was.iter().filter(|it| !after.requests().contains(it)).copied().collect();
    let asked = asked(desk, id, (&came, &act));
    let mut changes = match &before {
        Some(before) => changes(before, &after, act.reason.as_deref()),
        None => Vec::new(),
    };
    let new = before.is_none() && act.at - after.created_at < NEW;
    let told = asked.iter().filter(|it| before.is_some() || new || act.asks.contains(&it.of));
    changes.extend(told.filter_map(|it| Some(Change::Requested { of: desk.reviewer(it.of)?, again: it.again })));
    let dropped = gone.iter().filter(|it| act.done != Some(**it));
    changes.extend(dropped.filter_map(|it| Some(Change::Unrequested { of: desk.reviewer(*it)? })));
    if before.as_ref().is_none_or(|it| it.head_sha != after.head_sha) {
        changes.extend(failed(desk, &after));
    }
    changes.extend(act.more);
    let was_ready = act.news && !changes.is_empty() && ready(desk, before.as_ref());
    match &before {
        None => desk.keep(after, false),
        Some(before) if *before != after => {
            let anew = !changes.is_empty() || looks_other(before, &after);
            desk.keep(after, anew);
        }
        Some(_) => {}
    }
    desk.ask(id, &asked);
    desk.release(id, (&gone, act.at));
    let happened = Happened { pull_request_id: id, at: act.at, by: act.by, changes, was_ready, told: act.news };
    for it in acts(&happened) {
        desk.act(place, it);
    }
    (!happened.changes.is_empty()).then_some(happened)
}

fn asked(desk: &Desk, id: i64, (came, act): (&[Target], &Act)) -> Vec<Asking> {
    let again = |it: &Target| desk.reviews(id).iter().any(|review| review.actor_id.map(Target::Actor) == Some(*it));
    let by = |it: &Target| act.by.filter(|_| act.asks.contains(it));
    let asking = |it: &Target| Asking { of: *it, by: by(it), at: act.at, again: again(it), gone_at: None };
    came.iter().map(asking).collect()
}

/// Checks may end before we learn that their commit is the newest of a pull request.
fn failed(desk: &Desk, after: &Known) -> Option<Change> {
    if after.state != State::Open {
        return None;
    }
    let known = desk.checks((after.repository_id, &after.head_sha)).iter();
    let checks: Vec<String> = known.filter(|it| it.outcome == Outcome::Failure).map(|it| it.name.clone()).collect();
    (!checks.is_empty()).then_some(Change::Failed { checks })
}

/// Whether it was ready to be merged, as it is known.
pub(super) fn ready(desk: &Desk, known: Option<&Known>) -> bool {
    let hopeful = |it: &&Known| !it.draft && it.queued_at.is_none() && it.mergeable != Mergeable::Conflicting;
    let open = known.filter(|it| it.state == State::Open).filter(hopeful);
    open.and_then(|it| desk.whole(it.id)).is_some_and(|it| Standing::of(&it) == Standing::Ready)
}

fn looks_other(before: &Known, after: &Known) -> bool {
    let looks = |it: &Known| Known {
        source_at: after.source_at,
        active_at: after.active_at,
        told: after.told.clone(),
        ..it.clone()
    };
    before.labels() != after.labels() || looks(before) != *after
}
