use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::lenient::{self, Malformed, maybe};
use super::{EventIncident, Kind, NoteAdded, Reference, ResponderAsked, ServiceChanged, StatusUpdate};

/// Something that happened in PagerDuty, as its webhooks tell it.
///
/// <https://developer.pagerduty.com/docs/webhooks-overview>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id; a repeated delivery has the same.
    pub id: String,
    /// What happened.
    pub kind: Kind,
    /// When it happened.
    pub occurred_at: Option<DateTime<Utc>>,
    /// Who or what did it; none where PagerDuty did it by itself.
    pub agent: Option<Reference>,
    /// Through which program they did it.
    pub client: Option<String>,
    /// What it happened to.
    pub data: Data,
}

/// What an event tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// An incident as it is now.
    Incident(Box<EventIncident>),
    /// A note that was added.
    Note(NoteAdded),
    /// Words to those who wait.
    StatusUpdate(StatusUpdate),
    /// Somebody was asked to help, or answered.
    Responder(ResponderAsked),
    /// A service as it is now, or was.
    Service(ServiceChanged),
    /// Only to see whether events arrive.
    Ping {
        /// What it says.
        message: String,
    },
    /// Something that nothing here needs.
    Other,
    /// Something that should be one of the above, and why it is not.
    Unreadable(Malformed),
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default, deserialize_with = "maybe")]
    id: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    event_type: Option<Kind>,
    #[serde(default, deserialize_with = "maybe")]
    occurred_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "maybe")]
    agent: Option<Reference>,
    #[serde(default, deserialize_with = "maybe")]
    client: Option<Program>,
}

#[derive(Deserialize)]
struct Program {
    name: Option<String>,
}

impl Event {
    /// Reads a verified body. Whatever it tells is an event, as long as it is the object that PagerDuty sends.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let mut body: Value = serde_json::from_slice(body).map_err(|_| Malformed("it is not JSON"))?;
        let Some(Value::Object(mut event)) = body.get_mut("event").map(Value::take) else {
            return Err(Malformed("no event"));
        };
        let data = event.remove("data").unwrap_or_default();
        let Envelope { id, event_type, occurred_at, agent, client } = lenient::plain(Value::Object(event))?;
        let kind = event_type.unwrap_or_default();
        let data = Data::read(&kind, data);
        Ok(Self { id: id.unwrap_or_default(), kind, occurred_at, agent, client: client.and_then(|it| it.name), data })
    }

    /// The incident that it concerns.
    pub fn incident_id(&self) -> Option<&str> {
        match &self.data {
            Data::Incident(it) => Some(&it.id),
            Data::Note(NoteAdded { incident, .. })
            | Data::StatusUpdate(StatusUpdate { incident, .. })
            | Data::Responder(ResponderAsked { incident, .. }) => Some(&incident.id),
            Data::Service(_) | Data::Ping { .. } | Data::Other | Data::Unreadable(_) => None,
        }
    }
}

impl Data {
    fn read(kind: &Kind, data: Value) -> Self {
        let read = match kind {
            Kind::Triggered
            | Kind::Acknowledged
            | Kind::Unacknowledged
            | Kind::Resolved
            | Kind::Reopened
            | Kind::Reassigned
            | Kind::Escalated
            | Kind::Delegated
            | Kind::PriorityUpdated
            | Kind::ServiceUpdated
            | Kind::TypeChanged => lenient::object(data).map(|it| Self::Incident(Box::new(it))),
            Kind::Annotated => lenient::object(data).map(Self::Note),
            Kind::StatusUpdatePublished => lenient::object(data).map(Self::StatusUpdate),
            Kind::ResponderAdded | Kind::ResponderReplied => lenient::plain(data).map(Self::Responder),
            Kind::ServiceCreated | Kind::ServiceChanged | Kind::ServiceDeleted => {
                lenient::object(data).map(Self::Service)
            }
            Kind::Ping => Ok(Self::ping(&data)),
            Kind::Other(_) => Ok(Self::Other),
        };
        read.unwrap_or_else(Self::Unreadable)
    }

    fn ping(data: &Value) -> Self {
        Self::Ping { message: data.get("message").and_then(Value::as_str).unwrap_or_default().into() }
    }
}
