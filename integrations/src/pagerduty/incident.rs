use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lenient::{self, Malformed, each, maybe};
use super::{Bridge, Reference, Reply, Status, Urgency};

/// An incident as the REST API tells of it; events have another form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Incident {
    /// Its id.
    pub id: String,
    /// Its number, which people say.
    pub incident_number: u64,
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
    /// When anything of it changed last.
    #[serde(deserialize_with = "maybe")]
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was over.
    #[serde(deserialize_with = "maybe")]
    pub resolved_at: Option<DateTime<Utc>>,
    /// When its status changed last.
    #[serde(deserialize_with = "maybe")]
    pub last_status_change_at: Option<DateTime<Utc>>,
    /// Who or what changed its status last.
    #[serde(deserialize_with = "maybe")]
    pub last_status_change_by: Option<Reference>,
    /// Of which service.
    #[serde(deserialize_with = "maybe")]
    pub service: Option<Reference>,
    /// Who is asked, and who next.
    #[serde(deserialize_with = "maybe")]
    pub escalation_policy: Option<Reference>,
    /// Its priority, if it was given one.
    #[serde(deserialize_with = "maybe")]
    pub priority: Option<Reference>,
    /// Its teams.
    #[serde(deserialize_with = "each")]
    pub teams: Vec<Reference>,
    /// Who is asked now; nobody once it is resolved.
    #[serde(deserialize_with = "each")]
    pub assignments: Vec<Assignment>,
    /// `escalation_policy` or `direct_assignment`.
    pub assigned_via: Option<String>,
    /// Who works on it.
    #[serde(deserialize_with = "each")]
    pub acknowledgements: Vec<Acknowledgement>,
    /// What will happen by itself.
    #[serde(deserialize_with = "each")]
    pub pending_actions: Vec<PendingAction>,
    /// Who else was asked to help.
    #[serde(deserialize_with = "each")]
    pub incidents_responders: Vec<Responder>,
    /// Where people meet.
    #[serde(deserialize_with = "maybe")]
    pub conference_bridge: Option<Bridge>,
    /// Why it is over, where that is more than that somebody said so.
    #[serde(deserialize_with = "maybe")]
    pub resolve_reason: Option<ResolveReason>,
}

impl Incident {
    /// Reads an incident, such as one that was written down.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let value: Value = serde_json::from_slice(body).map_err(|_| Malformed("it is not JSON"))?;
        lenient::object(value)
    }
}

/// Somebody who is asked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Assignment {
    /// Since when.
    #[serde(default, deserialize_with = "maybe")]
    pub at: Option<DateTime<Utc>>,
    /// Who.
    pub assignee: Reference,
}

/// Somebody who works on it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Acknowledgement {
    /// Since when.
    #[serde(default, deserialize_with = "maybe")]
    pub at: Option<DateTime<Utc>>,
    /// Who, or which service.
    pub acknowledger: Reference,
}

/// Something that will happen by itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct PendingAction {
    /// `unacknowledge`, `escalate`, `resolve` or `urgency_change`.
    #[serde(rename = "type")]
    pub type_: String,
    /// When.
    #[serde(default, deserialize_with = "maybe")]
    pub at: Option<DateTime<Utc>>,
}

/// Somebody who was asked to help.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Responder {
    /// What they said.
    #[serde(default)]
    pub state: Reply,
    /// Who.
    #[serde(default, deserialize_with = "maybe")]
    pub user: Option<Reference>,
    /// What they were told.
    #[serde(default)]
    pub message: Option<String>,
    /// Who asked.
    #[serde(default, deserialize_with = "maybe")]
    pub requester: Option<Reference>,
    /// When they were asked.
    #[serde(default, deserialize_with = "maybe")]
    pub requested_at: Option<DateTime<Utc>>,
}

/// Why an incident is over.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct ResolveReason {
    /// Such as `merge_resolve_reason`.
    #[serde(rename = "type", default)]
    pub type_: String,
    /// The incident that it became part of.
    #[serde(default, deserialize_with = "maybe")]
    pub incident: Option<Reference>,
}
