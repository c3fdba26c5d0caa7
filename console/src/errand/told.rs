//! What whoever asked is told.

use std::collections::BTreeSet;

use cards::{Card, Text, Tone};
use integrations::pagerduty::{Incident, Status};

use crate::Asks;
use crate::act::Work;

/// The incident as PagerDuty has it now, under what was done.
pub(super) fn now(title: &str, tone: Tone, it: &Incident) -> Card {
    let number = i64::try_from(it.incident_number).unwrap_or_default();
    let names = it.assignments.iter().map(|it| it.assignee.summary.clone().unwrap_or_else(|| it.assignee.id.clone()));
    let card = Card::new(title).tone(tone).fact("Incident", format!("#{number} {}", it.title));
    let card = card.fact("Status", word(&it.status)).fact("Asked now", names.collect::<Vec<_>>().join(", "));
    card.read("Show it", Asks::incident(number)).results(1)
}

/// What was done.
pub(super) fn done(work: Work) -> &'static str {
    match work {
        Work::Acknowledge => "Acknowledged",
        Work::Resolve => "Resolved",
        Work::Escalate => "Escalated",
        Work::Reassign => "Reassigned",
        Work::AddResponders => "They are asked to help",
        Work::Annotate => "Noted",
        Work::Snooze => "Snoozed",
    }
}

/// Who brought it to where it is, and when.
pub(super) fn winner(it: &Incident) -> Text {
    let who = it.last_status_change_by.as_ref().and_then(|it| it.summary.clone());
    let who = Text::plain(who.unwrap_or_else(|| "somebody".into()));
    match it.last_status_change_at {
        Some(at) => who.then(", ").then(Text::ago(at)),
        None => who,
    }
}

/// Ids of who is asked.
pub(super) fn asked(it: &Incident) -> BTreeSet<&str> {
    it.assignments.iter().map(|it| it.assignee.id.as_str()).collect()
}

fn word(status: &Status) -> String {
    match status {
        Status::Triggered => "triggered".into(),
        Status::Acknowledged => "acknowledged".into(),
        Status::Resolved => "resolved".into(),
        Status::Unknown(word) => word.clone(),
    }
}
