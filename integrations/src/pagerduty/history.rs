use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Reference;
use super::lenient::{each, maybe};

/// One thing that happened to an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct LogEntry {
    /// Its id.
    pub id: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: LogKind,
    /// What happened, in a few words.
    pub summary: Option<String>,
    /// When.
    #[serde(deserialize_with = "maybe")]
    pub created_at: Option<DateTime<Utc>>,
    /// Who or what did it.
    #[serde(deserialize_with = "maybe")]
    pub agent: Option<Reference>,
    /// Through what it was done.
    #[serde(deserialize_with = "maybe")]
    pub channel: Option<Channel>,
    /// The incident.
    #[serde(deserialize_with = "maybe")]
    pub incident: Option<Reference>,
    /// Who is asked from now on, where that changed.
    #[serde(deserialize_with = "each")]
    pub assignees: Vec<Reference>,
    /// Whom PagerDuty told.
    #[serde(deserialize_with = "maybe")]
    pub user: Option<Reference>,
    /// What somebody wrote with it.
    pub note: Option<String>,
}

/// Through what something was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Channel {
    /// Such as `website`, `api`, `timeout` or `note`.
    #[serde(rename = "type")]
    pub type_: String,
    /// What it says, which for a note is the note.
    pub summary: Option<String>,
}

/// What happened to an incident.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum LogKind {
    /// It began, or began again.
    #[serde(rename = "trigger_log_entry")]
    Trigger,
    /// Somebody took it.
    #[serde(rename = "acknowledge_log_entry")]
    Acknowledge,
    /// They no longer have it.
    #[serde(rename = "unacknowledge_log_entry")]
    Unacknowledge,
    /// It is over.
    #[serde(rename = "resolve_log_entry")]
    Resolve,
    /// Somebody is asked.
    #[serde(rename = "assign_log_entry")]
    Assign,
    /// The next level is asked.
    #[serde(rename = "escalate_log_entry")]
    Escalate,
    /// Another escalation policy has it.
    #[serde(rename = "delegate_log_entry")]
    Delegate,
    /// Somebody wrote a note.
    #[serde(rename = "annotate_log_entry")]
    Annotate,
    /// PagerDuty told somebody.
    #[serde(rename = "notify_log_entry")]
    Notify,
    /// It may wait.
    #[serde(rename = "snooze_log_entry")]
    Snooze,
    /// It is told more or less loudly.
    #[serde(rename = "urgency_change_log_entry")]
    UrgencyChange,
    /// Nobody is left to ask.
    #[serde(rename = "exhaust_escalation_path_log_entry")]
    Exhaust,
    /// The first level is asked again.
    #[serde(rename = "repeat_escalation_path_log_entry")]
    Repeat,
    /// Something else, in PagerDuty's word.
    #[serde(untagged)]
    Other(String),
}

impl Default for LogKind {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

/// What somebody wrote to an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Note {
    /// Its id.
    pub id: String,
    /// What it says.
    pub content: String,
    /// When.
    #[serde(deserialize_with = "maybe")]
    pub created_at: Option<DateTime<Utc>>,
    /// Who; PagerDuty's own rules write too.
    #[serde(deserialize_with = "maybe")]
    pub user: Option<Reference>,
}

/// How much an incident matters, in the account's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Priority {
    /// Its id.
    pub id: String,
    /// Its name, such as `P1`.
    pub name: String,
    /// What it means.
    pub description: Option<String>,
    /// Its colour, as six hexadecimal digits.
    pub color: Option<String>,
}
