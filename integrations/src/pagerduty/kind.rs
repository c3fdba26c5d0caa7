use serde::{Deserialize, Serialize};

/// What happened. <https://developer.pagerduty.com/docs/webhooks-overview#event-types>
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Kind {
    /// An incident began.
    #[serde(rename = "incident.triggered")]
    Triggered,
    /// Somebody took it.
    #[serde(rename = "incident.acknowledged")]
    Acknowledged,
    /// They no longer have it, or took too long.
    #[serde(rename = "incident.unacknowledged")]
    Unacknowledged,
    /// It is over.
    #[serde(rename = "incident.resolved")]
    Resolved,
    /// It is not over after all.
    #[serde(rename = "incident.reopened")]
    Reopened,
    /// Somebody else is asked, because somebody said so.
    #[serde(rename = "incident.reassigned")]
    Reassigned,
    /// Somebody else is asked, because nobody answered or somebody said so.
    #[serde(rename = "incident.escalated")]
    Escalated,
    /// Another escalation policy has it.
    #[serde(rename = "incident.delegated")]
    Delegated,
    /// Its priority changed.
    #[serde(rename = "incident.priority_updated")]
    PriorityUpdated,
    /// It is now of another service.
    #[serde(rename = "incident.service_updated")]
    ServiceUpdated,
    /// It is now of another type.
    #[serde(rename = "incident.incident_type.changed")]
    TypeChanged,
    /// Somebody wrote a note.
    #[serde(rename = "incident.annotated")]
    Annotated,
    /// Words to those who wait.
    #[serde(rename = "incident.status_update_published")]
    StatusUpdatePublished,
    /// Somebody was asked to help.
    #[serde(rename = "incident.responder.added")]
    ResponderAdded,
    /// Somebody who was asked to help answered.
    #[serde(rename = "incident.responder.replied")]
    ResponderReplied,
    /// There is a new service.
    #[serde(rename = "service.created")]
    ServiceCreated,
    /// A service changed.
    #[serde(rename = "service.updated")]
    ServiceChanged,
    /// A service is gone.
    #[serde(rename = "service.deleted")]
    ServiceDeleted,
    /// PagerDuty was asked to say something.
    #[serde(rename = "pagey.ping")]
    Ping,
    /// Something else, in PagerDuty's words.
    #[serde(untagged)]
    Other(String),
}

impl Default for Kind {
    fn default() -> Self {
        Self::Other(String::new())
    }
}
