//! Whose turn it is with a pull request, and since when.

use cards::{Card, Text};
use chrono::{DateTime, TimeDelta, Utc};
use domain::github::{Reviewer, Standing, Verdict, Waiting, Whole};
use domain::working::{WorkingHours, hours_between};

use super::{Names, words};
use crate::Asks;

/// The name of one and what it does, leading to its page.
pub(super) fn name(whole: &Whole) -> Text {
    match Asks::pull(&whole.reference()).page {
        Some(page) => Text::page(words::title(whole), page),
        None => Text::plain(words::title(whole)),
    }
}

/// Whom it waits for, in words.
pub(super) fn who(whole: &Whole, names: &Names) -> Text {
    match Standing::of(whole).waits_for(whole) {
        Waiting::Nobody => Text::default(),
        Waiting::Author => Text::plain("waits for ").then(author(whole, names)),
        Waiting::Reviewers(all) => {
            let more = all.len().saturating_sub(NAMED);
            let named = Text::joined(all.iter().take(NAMED).map(|it| names.reviewer(it)), ", ");
            let named = Text::plain("waits for ").then(named);
            if more == 0 { named } else { named.then(format!(" and {more} more")) }
        }
        Waiting::SomeReviewer => Text::plain("waits for a reviewer, and nobody is asked"),
    }
}

/// Reviewers that are named.
const NAMED: usize = 3;

pub(super) fn author(whole: &Whole, names: &Names) -> Text {
    match &whole.author {
        Some(it) => names.text(Some(it.id)),
        None => Text::plain("whoever takes it over"),
    }
}

/// Since when it waits for whom it waits for.
pub(super) fn since(whole: &Whole) -> DateTime<Utc> {
    let pull = &whole.pull_request;
    let last = |verdict| whole.reviews.iter().filter(|it| it.verdict == verdict).map(|it| it.at).max();
    let standing = Standing::of(whole);
    let found = match (standing, standing.waits_for(whole)) {
        (_, Waiting::Reviewers(_)) => whole.requests.iter().map(|it| it.at).min(),
        (Standing::ChangesRequested, _) => last(Verdict::ChangesRequested),
        (Standing::Ready, _) => last(Verdict::Approved),
        (Standing::Queued, _) => pull.queued_at,
        (Standing::Merged | Standing::Closed, _) => pull.closed_at,
        (Standing::Draft | Standing::AwaitingReview, _) => Some(pull.created_at),
        (Standing::Conflicts | Standing::ChecksFailed | Standing::ChecksRunning | Standing::OutOfDate, _) => None,
    };
    found.unwrap_or(pull.active_at)
}

/// Since when somebody is asked to review it, themselves or by one of these teams.
pub(super) fn asked_since(whole: &Whole, (actors, teams): (&[i64], &[i64])) -> Option<DateTime<Utc>> {
    let concerns = |it: &Reviewer| match it {
        Reviewer::Actor(it) => actors.contains(&it.id),
        Reviewer::Team(it) => teams.contains(&it.id),
    };
    whole.requests.iter().filter(|it| concerns(&it.of)).map(|it| it.at).min()
}

/// How long somebody has worked since a moment, in words.
pub(super) fn worked(working: &WorkingHours, from: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let worked = hours_between(working, from, now);
    match (worked.num_hours(), worked < TimeDelta::hours(1)) {
        (_, true) => "less than a working hour".into(),
        (hours, _) => crate::words::count(hours, "working hour", "working hours"),
    }
}

/// What is known of how far it is, in short.
pub(super) fn facts(whole: &Whole) -> String {
    let approvals = words::approvals(whole);
    let approvals = if approvals.is_empty() { approvals } else { format!("approvals {approvals}") };
    let checks = words::checks(whole);
    let checks = if checks.is_empty() { checks } else { format!("checks: {checks}") };
    let parts = [words::standing(whole).to_string(), approvals, checks, words::size(whole)];
    parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Adds one to a list.
pub(super) fn item(card: Card, whole: &Whole, note: Text) -> Card {
    card.item(name(whole), note)
}
