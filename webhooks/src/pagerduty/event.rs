//! What PagerDuty's own events mean. <https://developer.pagerduty.com/docs/webhooks-overview#event-types>

use chrono::{DateTime, Utc};
use domain::delivery::Claimed;
use domain::incidents::{LogEntry, Origin, Responder};
use integrations::pagerduty::{Data, Event, Kind, Reference, Reply, ResponderAsked};

use super::matter::{Beside, Happened, Matter};
use super::other;

/// An event with where it came from.
pub(super) struct Told<'a> {
    /// Its sender's id of it.
    pub(super) id: &'a str,
    /// What happened, as a log has it.
    pub(super) word: &'a str,
    /// When it happened.
    pub(super) at: DateTime<Utc>,
    /// Who did it.
    pub(super) agent: Option<Reference>,
}

/// What an event is about.
pub(super) fn matter<'a>(claimed: &'a Claimed, body: &[u8]) -> Matter<'a> {
    let event = match Event::parse(body) {
        Ok(event) => event,
        Err(error) => return Matter::Unclear(error.to_string()),
    };
    let told = Told {
        id: &claimed.external_id,
        word: claimed.event.strip_prefix("incident.").unwrap_or(&claimed.event),
        at: event.occurred_at.unwrap_or(claimed.received_at),
        agent: event.agent,
    };
    match (event.data, event.kind) {
        (Data::Incident(it), kind) => Matter::State(told, kind, it),
        (Data::Note(it), _) => told.line(&it.incident, whole(&it.content, it.trimmed)),
        (Data::StatusUpdate(it), _) => told.line(&it.incident, whole(&it.message, it.trimmed)),
        (Data::Responder(it), _) => responder(&told, &it),
        (Data::Service(it), kind) => Matter::Service(kind, it, told.at),
        (Data::Other, Kind::Other(kind)) => other::matter(&told, &kind, body),
        // A ping only asks whether we are here; the receiver keeps when it came.
        (Data::Ping { .. }, _) | (Data::Other, _) => Matter::Nothing,
        (Data::Unreadable(error), _) => Matter::Unclear(error.to_string()),
    }
}

impl Told<'_> {
    /// Its line in an incident's log.
    pub(super) fn entry(&self, text: String) -> LogEntry {
        LogEntry {
            id: self.id.into(),
            at: self.at,
            kind: self.word.into(),
            who: self.who(),
            member_id: self.agent.as_ref().filter(|it| it.is("user")).map(|it| it.id.clone()),
            text,
        }
    }

    /// Who did it, in words.
    pub(super) fn who(&self) -> Option<String> {
        self.agent.as_ref().and_then(|it| it.summary.clone())
    }

    /// It adds to the log of an incident.
    pub(super) fn line<'a>(&self, incident: &Reference, text: String) -> Matter<'a> {
        Matter::Happened(self.happened(incident, text))
    }

    /// The same, with what it says besides.
    pub(super) fn with<'a>(&self, beside: Beside, (incident, text): (&Reference, String)) -> Matter<'a> {
        Matter::Happened(Happened { beside: Some((beside, self.at)), ..self.happened(incident, text) })
    }

    fn happened(&self, incident: &Reference, text: String) -> Happened {
        let log = vec![(self.entry(text), true)];
        Happened { incident: incident.id.clone(), log, origin: Origin::Event, beside: None }
    }
}

/// A text, with a sign that PagerDuty keeps more of it.
fn whole(text: &str, trimmed: bool) -> String {
    if trimmed { format!("{text} …") } else { text.into() }
}

fn responder<'a>(told: &Told<'_>, it: &ResponderAsked) -> Matter<'a> {
    let Some(asked) = it.user.as_ref().or(it.escalation_policy.as_ref()) else {
        return told.line(&it.incident, String::new());
    };
    let name = asked.summary.clone().unwrap_or_else(|| asked.id.clone());
    let text = format!("{name}: {}", reply(&it.state));
    let responder = Responder {
        is_policy: it.user.is_none(),
        target: asked.id.clone(),
        name,
        state: reply(&it.state).into(),
        message: it.message.clone(),
    };
    told.with(Beside::Help(responder), (&it.incident, text))
}

/// PagerDuty's word.
fn reply(reply: &Reply) -> &str {
    match reply {
        Reply::Pending => "pending",
        Reply::Joined => "joined",
        Reply::Declined => "declined",
        Reply::UserCancelled => "user_cancelled",
        Reply::Unknown(word) if word.is_empty() => "pending",
        Reply::Unknown(word) => word,
    }
}
