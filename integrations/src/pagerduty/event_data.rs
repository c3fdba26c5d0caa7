use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::lenient::{each, maybe};
use super::{Bridge, Reference, Reply, ResolveReason, Status, Urgency};

/// An incident as an event tells of it; the REST API has another form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct EventIncident {
    /// Its id.
    pub id: String,
    /// Its number, which people say.
    pub number: u64,
    /// What is wrong, in a sentence.
    pub title: String,
    /// How far it has come.
    pub status: Status,
    /// How loudly it is told.
    pub urgency: Urgency,
    /// Its page.
    pub html_url: Option<String>,
    /// By which its alerts are told from others.
    pub incident_key: Option<String>,
    /// When it began.
    #[serde(deserialize_with = "maybe")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it turned out not to be over.
    #[serde(deserialize_with = "maybe")]
    pub reopened_at: Option<DateTime<Utc>>,
    /// Of which service.
    #[serde(deserialize_with = "maybe")]
    pub service: Option<Reference>,
    /// Who is asked now; nobody once it is resolved.
    #[serde(deserialize_with = "each")]
    pub assignees: Vec<Reference>,
    /// Who is asked, and who next.
    #[serde(deserialize_with = "maybe")]
    pub escalation_policy: Option<Reference>,
    /// Its teams.
    #[serde(deserialize_with = "each")]
    pub teams: Vec<Reference>,
    /// Its priority, if it was given one.
    #[serde(deserialize_with = "maybe")]
    pub priority: Option<Reference>,
    /// Where people meet.
    #[serde(deserialize_with = "maybe")]
    pub conference_bridge: Option<Bridge>,
    /// Why it is over, where that is more than that somebody said so.
    #[serde(deserialize_with = "maybe")]
    pub resolve_reason: Option<ResolveReason>,
}

/// A note that was added.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NoteAdded {
    /// Its id.
    pub id: String,
    /// The incident.
    pub incident: Reference,
    /// What it says.
    #[serde(default)]
    pub content: String,
    /// Whether there is more of it.
    #[serde(default)]
    pub trimmed: bool,
}

/// Words to those who wait for an incident's end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StatusUpdate {
    /// Its id.
    pub id: String,
    /// The incident.
    pub incident: Reference,
    /// What it says.
    #[serde(default)]
    pub message: String,
    /// Whether there is more of it.
    #[serde(default)]
    pub trimmed: bool,
}

/// Somebody who was asked to help.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ResponderAsked {
    /// The incident.
    pub incident: Reference,
    /// Who.
    #[serde(default, deserialize_with = "maybe")]
    pub user: Option<Reference>,
    /// Through which escalation policy.
    #[serde(default, deserialize_with = "maybe")]
    pub escalation_policy: Option<Reference>,
    /// What they were told.
    #[serde(default)]
    pub message: Option<String>,
    /// What they said.
    #[serde(default)]
    pub state: Reply,
}

/// A service, in the few fields that an event has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ServiceChanged {
    /// Its id.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub summary: Option<String>,
    /// Its page.
    #[serde(default)]
    pub html_url: Option<String>,
    /// Its teams.
    #[serde(default, deserialize_with = "each")]
    pub teams: Vec<Reference>,
}
