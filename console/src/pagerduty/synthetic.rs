//! What a reading found otherwise than it is known goes through the inbox, so that one place applies it and everything that it
//! sends.

use chrono::{DateTime, Utc};
use domain::delivery::{Arrived, Content, Source, State};
use domain::incidents::Moment;
use serde::Serialize;
use uuid::Uuid;

/// What a reading tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// An incident, as the REST API has it.
    Incident,
    /// A [`super::Log`].
    Log,
    /// A service, as the REST API has it.
    Service,
}

impl What {
    /// All.
    pub const ALL: [Self; 3] = [Self::Incident, Self::Log, Self::Service];

    /// Its word in the id.
    fn word(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Log => "log",
            Self::Service => "service",
        }
    }

    /// The type of the event that tells it.
    pub fn event(self) -> String {
        format!("poll.{}", self.word())
    }

    /// What an event of this type tells.
    pub fn of(event: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.event() == event)
    }
}

/// An event that says what a reading found. Its id has the moment of the reading and a digest beside the moment of the last
/// change: a second state of one second, or a reading that was too close to an event to count, must not be taken for a repeat.
pub fn delivery(
    (what, id): (What, &str),
    moment: Moment,
    body: &impl Serialize,
    now: DateTime<Utc>,
) -> serde_json::Result<Arrived> {
    let body = serde_json::to_vec(body)?;
    let updated = moment.updated_at.map_or(0, |it| it.timestamp());
    let digest = Uuid::new_v5(&Uuid::NAMESPACE_OID, &body).simple();
    Ok(Arrived {
        id: Uuid::now_v7(),
        source: Source::Pagerduty,
        external_id: format!("poll:{}:{id}:{updated}:{}:{digest}", what.word(), moment.read_at.timestamp()),
        event: what.event(),
        action: None,
        subject: Some(id.into()),
        received_at: now,
        source_at: Some(moment.read_at),
        state: State::Pending,
        content: Content::Json,
        headers: serde_json::Value::Object(serde_json::Map::new()),
        body: body.into(),
    })
}
