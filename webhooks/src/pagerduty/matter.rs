use chrono::{DateTime, Utc};
use domain::incidents::{LogEntry, Moment, Origin, Responder};
use integrations::pagerduty::{self as wire, EventIncident, Kind, ServiceChanged};

use super::event::Told;

/// What an event, or a reading, is about, as far as it tells that by itself.
pub(super) enum Matter<'a> {
    /// The state that an incident has.
    State(Told<'a>, Kind, Box<EventIncident>),
    /// The state that an incident had when it was read.
    Read(&'a str, Moment, Box<wire::Incident>),
    /// Something happened to an incident whose state stays.
    Happened(Happened),
    /// A service, and when it was so.
    Service(Kind, ServiceChanged, DateTime<Utc>),
    /// A service as it was read, and when.
    ReadService(Box<wire::Service>, DateTime<Utc>),
    /// Nothing that we keep.
    Nothing,
    /// It could not be understood: why.
    Unclear(String),
}

/// What happened to an incident, which may not be known yet: then it waits for it.
pub(super) struct Happened {
    /// The incident's id.
    pub(super) incident: String,
    /// Lines of its log, and whether each is news.
    pub(super) log: Vec<(LogEntry, bool)>,
    /// Whence those are known.
    pub(super) origin: Origin,
    /// What it says besides, and when that was so.
    pub(super) beside: Option<(Beside, DateTime<Utc>)>,
}

/// What is kept of an incident beside its state.
pub(super) enum Beside {
    /// Somebody was asked to help, or answered.
    Help(Responder),
    /// Where people talk about it.
    Bridge(Option<String>),
}

impl Matter<'_> {
    /// The incident that it is about.
    pub(super) fn incident(&self) -> Option<&str> {
        match self {
            Self::State(_, _, it) => Some(&it.id),
            Self::Read(_, _, it) => Some(&it.id),
            Self::Happened(it) => Some(&it.incident),
            Self::Service(..) | Self::ReadService(..) | Self::Nothing | Self::Unclear(_) => None,
        }
    }
}
