use serde::{Deserialize, Serialize};

/// How far an incident has come.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nobody took it yet.
    Triggered,
    /// Somebody works on it.
    Acknowledged,
    /// It is over.
    Resolved,
    /// Something new, in PagerDuty's word.
    #[serde(untagged)]
    Unknown(String),
}

/// How loudly an incident is told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// At once, until somebody answers.
    High,
    /// When there is time.
    Low,
    /// Something new, in PagerDuty's word.
    #[serde(untagged)]
    Unknown(String),
}

/// Whether somebody who was asked to help does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// No answer yet.
    Pending,
    /// They help.
    Joined,
    /// They do not.
    Declined,
    /// They helped, and no longer do.
    UserCancelled,
    /// Something new, in PagerDuty's word.
    #[serde(untagged)]
    Unknown(String),
}

impl Default for Status {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

impl Default for Urgency {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

impl Default for Reply {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}
