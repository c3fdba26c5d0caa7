//! How what is told of a pull request becomes what is known, and what that changed.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::PgConnection;
use domain::github::{
    Activity, Asking, Change, CheckResult, Happened, Known, Outcome, Reviewed, Reviewer, Standing, State, Target,
    Telling, Whole,
};

use super::diff::changes;
use super::history::acts;

/// What is new to us and was opened within this time, is new altogether.
const NEW: TimeDelta = TimeDelta::minutes(10);

/// A pull request before and after it was told of. One that was not known is stored already.
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

/// Merges what is told into what is known, which stays locked; nothing where that is not enough to know of it.
pub(super) async fn take(db: &mut PgConnection, telling: &Telling) -> sqlx::Result<Option<Taken>> {
    loop {
        if let Some(before) = Known::hold(&mut *db, telling.id).await? {
            return Ok(telling.onto(Some(&before)).map(|after| Taken { before: Some(before), after }));
        }
        let Some(after) = telling.onto(None) else { return Ok(None) };
        if after.insert(&mut *db).await? {
            Activity::settle(&mut *db, (after.id, after.repository_id, after.number)).await?;
            return Ok(Some(Taken { before: None, after }));
        }
        // Somebody else has just stored it.
    }
}

/// Stores what is known now; what happened, if anything did.
pub(super) async fn finish(db: &mut PgConnection, taken: &Taken, act: Act) -> sqlx::Result<Option<Happened>> {
    let Taken { before, after } = taken;
    let was = before.as_ref().map_or(&[][..], |it| it.requests());
    let came: Vec<Target> = after.requests().iter().filter(|it| !was.contains(it)).copied().collect();
    let gone: Vec<Target> = was.iter().filter(|it| !after.requests().contains(it)).copied().collect();
    let named = named(&mut *db, &came, &gone).await?;
    let asked = asked(&mut *db, after.id, (&came, &act)).await?;
    let mut changes = match before {
        Some(before) => changes(before, after, act.reason.as_deref()),
        None => Vec::new(),
    };
    let new = before.is_none() && act.at - after.created_at < NEW;
    let told = asked.iter().filter(|it| before.is_some() || new || act.asks.contains(&it.of));
    changes.extend(told.filter_map(|it| Some(Change::Requested { of: named.get(&it.of)?.clone(), again: it.again })));
    let dropped = gone.iter().filter(|it| act.done != Some(**it));
    changes.extend(dropped.filter_map(|it| Some(Change::Unrequested { of: named.get(it)?.clone() })));
    if before.as_ref().is_none_or(|it| it.head_sha != after.head_sha) {
        changes.extend(failed(&mut *db, after).await?);
    }
    changes.extend(act.more);
    let was_ready = act.news && !changes.is_empty() && ready(&mut *db, before.as_ref()).await?;
    if let Some(before) = before.as_ref().filter(|it| *it != after) {
        after.update(&mut *db, !changes.is_empty() || looks_other(before, after)).await?;
    }
    if !asked.is_empty() {
        Asking::begin(&mut *db, after.id, &asked).await?;
    }
    if !gone.is_empty() {
        Asking::end(&mut *db, after.id, (&gone, act.at)).await?;
    }
    let happened = Happened { pull_request_id: after.id, at: act.at, by: act.by, changes, was_ready, told: act.news };
    let acts = acts(&happened);
    if !acts.is_empty() {
        Activity::write(&mut *db, (Some(after.id), after.repository_id, after.number), &acts).await?;
    }
    Ok((!happened.changes.is_empty()).then_some(happened))
}

async fn named(db: &mut PgConnection, came: &[Target], gone: &[Target]) -> sqlx::Result<HashMap<Target, Reviewer>> {
    let all: Vec<Target> = came.iter().chain(gone).copied().collect();
    if all.is_empty() { Ok(HashMap::new()) } else { Target::named(db, &all).await }
}

async fn asked(db: &mut PgConnection, id: i64, (came, act): (&[Target], &Act)) -> sqlx::Result<Vec<Asking>> {
    let people = came.iter().any(|it| matches!(it, Target::Actor(_)));
    let reviews = if people { Reviewed::of(db, id).await? } else { Vec::new() };
    let again = |it: &Target| reviews.iter().any(|review| review.actor_id.map(Target::Actor) == Some(*it));
    let by = |it: &Target| act.by.filter(|_| act.asks.contains(it));
    Ok(came.iter().map(|it| Asking { of: *it, by: by(it), at: act.at, again: again(it) }).collect())
}

/// Checks may end before we learn that their commit is the newest of a pull request.
async fn failed(db: &mut PgConnection, after: &Known) -> sqlx::Result<Option<Change>> {
    if after.state != State::Open {
        return Ok(None);
    }
    let known = CheckResult::of(db, (after.repository_id, &after.head_sha)).await?;
    let failed = known.into_iter().filter(|it| it.outcome == Outcome::Failure);
    let checks: Vec<String> = failed.map(|it| it.name).collect();
    Ok((!checks.is_empty()).then_some(Change::Failed { checks }))
}

/// Whether it was ready to be merged, as it is stored.
pub(super) async fn ready(db: &mut PgConnection, known: Option<&Known>) -> sqlx::Result<bool> {
    let Some(it) = known.filter(|it| it.state == State::Open && !it.draft && it.queued_at.is_none()) else {
        return Ok(false);
    };
    Ok(Whole::of(db, &[it.id]).await?.iter().any(|it| Standing::of(it) == Standing::Ready))
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
