//! What somebody does here about a pull request, which GitHub does not tell of.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::PgConnection;
use domain::account::Platform;
use domain::github::{Happened, News, Notice, Whole, audience};
use domain::person::Person;
use domain::preference::Defaults;
use uuid::Uuid;

use super::around::Around;
use super::cast::Cast;
use super::said::{Said, Topic};
use super::seat::{Seat, Whom};
use super::tell::{gather, settle};
use crate::Failure;

/// Everybody who could be told of it, with these others.
async fn here(
    db: &mut PgConnection,
    defaults: &Defaults,
    (pull_request, now): (i64, DateTime<Utc>),
    others: &[i64],
) -> Result<Option<(Whole, Cast, Vec<Seat>)>, Failure> {
    audience::hold(&mut *db, pull_request).await?;
    let Some(whole) = Whole::of(&mut *db, &[pull_request]).await?.pop() else { return Ok(None) };
    let changes = Vec::new();
    let happened = Happened { pull_request_id: pull_request, at: now, by: None, changes, was_ready: true, told: true };
    let news = News { happened, whole };
    let followed = audience::followed(&mut *db, Platform::Slack, &[(pull_request, news.whole.repository.id)]).await?;
    let around = Around::of(&mut *db, defaults, (&[&news], others), followed).await?;
    let gathered = gather(db, (&news, others), &around).await?;
    Ok(gathered.map(|(cast, seats)| (news.whole, cast, seats)))
}

/// Reminds everybody who is asked to review a pull request; gives who was told.
pub(crate) async fn remind(
    (db, defaults): (&mut PgConnection, &Defaults),
    (pull_request, by): (i64, &Person),
    now: DateTime<Utc>,
) -> Result<Vec<String>, Failure> {
    let Some((whole, cast, mut seats)) = here(&mut *db, defaults, (pull_request, now), &[]).await? else {
        return Ok(Vec::new());
    };
    let stem = format!("{} reminds you: this waits for your review", by.display_name);
    for seat in &mut seats {
        let asked = seat.is_asked(&whole) && seat.notice.passed_at.is_none();
        if asked && seat.notice.person_id != Some(by.id) {
            let topic = match &seat.whom {
                Whom::Person(it) if it.is_asked(&whole) || seat.notice.passed_by.is_some() => Topic::Asked,
                Whom::Person(_) | Whom::Team(..) => Topic::TeamAsked,
            };
            seat.notice.snoozed_at = None;
            seat.news = Some(said(topic, &whole, stem.clone()));
        }
    }
    settle(db, (&whole, &cast, defaults), seats, &HashSet::new()).await
}

/// Asks somebody to review in the place of whoever passed it on; false where they take no such messages.
pub(crate) async fn invite(
    (db, defaults): (&mut PgConnection, &Defaults),
    (pull_request, by): (i64, &Person),
    (to, now): (i64, DateTime<Utc>),
) -> Result<bool, Failure> {
    let Some((whole, cast, mut seats)) = here(&mut *db, defaults, (pull_request, now), &[to]).await? else {
        return Ok(false);
    };
    let stem = format!("{} passed this review to you", by.display_name);
    let mut changed = HashSet::new();
    for seat in &mut seats {
        if matches!(&seat.whom, Whom::Person(it) if it.is(Some(to))) {
            (seat.notice.passed_by, seat.notice.snoozed_at) = (Some(by.id), None);
            changed.insert(seat.notice.key.clone());
            seat.news = Some(said(Topic::Asked, &whole, stem.clone()));
        }
    }
    Ok(!settle(db, (&whole, &cast, defaults), seats, &changed).await?.is_empty())
}

/// Notes what somebody chose about their message, and shows it.
pub(crate) async fn choose(
    (db, defaults): (&mut PgConnection, &Defaults),
    (pull_request, person): (i64, Uuid),
    choice: impl FnOnce(&mut Notice),
) -> Result<(), Failure> {
    // Before its notices, as whoever applies events does: else both could wait for each other.
    audience::hold(&mut *db, pull_request).await?;
    let mut notice = Notice::of(&mut *db, pull_request).await?.into_iter().find(|it| it.person_id == Some(person));
    let notice = notice.get_or_insert_with(|| Notice::to(pull_request, person));
    choice(notice);
    Notice::write(&mut *db, std::slice::from_ref(notice), &[]).await?;
    let gathered = here(&mut *db, defaults, (pull_request, Utc::now()), &[]).await?;
    let Some((whole, cast, seats)) = gathered else { return Ok(()) };
    settle(db, (&whole, &cast, defaults), seats, &HashSet::new()).await?;
    Ok(())
}

fn said(topic: Topic, whole: &Whole, stem: String) -> Said {
    let head = whole.pull_request.head_sha.clone();
    let (draft, tone) = (whole.pull_request.draft, cards::Tone::Warn);
    Said { topic, tone, stem, lines: Vec::new(), by: None, head, comments: 0, draft, first: Vec::new() }
}
