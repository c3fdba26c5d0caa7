//! What can be done to an incident, by whomever and through whatever.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::incident::IncidentRecord;
use super::refusal::Refusal;
use super::state::State;
use crate::pagerduty::{Status, Urgency};

/// Who does it.
#[derive(Clone, Debug)]
pub(super) enum Agent {
    User(String),
    Service(String),
    /// Nobody: time passed.
    PagerDuty,
}

/// What is done.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    Acknowledge,
    Resolve,
    Retrigger,
    Reassign(Vec<String>),
    /// To this level; the first is 1.
    Escalate(usize),
    Move(String),
    Prioritize(String),
    Note(String),
    /// Users, and what they are told.
    Ask(Vec<String>, String),
    /// Somebody who was asked to help does, or does not.
    Reply(bool),
    /// For so many seconds.
    Snooze(i64),
}

/// An incident that is being changed: out of the account, so that both can be seen.
pub(super) struct Doing<'a> {
    pub(super) state: &'a mut State,
    pub(super) incident: IncidentRecord,
    pub(super) agent: Agent,
    pub(super) now: DateTime<Utc>,
}

/// What an incident begins with.
pub(super) struct Beginning<'a> {
    pub(super) service: &'a str,
    pub(super) title: &'a str,
    pub(super) urgency: Urgency,
    pub(super) key: Option<&'a str>,
}

impl State {
    /// Begins an incident.
    pub(super) fn begin(&mut self, it: &Beginning<'_>, agent: Agent, now: DateTime<Utc>) -> String {
        let (id, key) = (self.id('Q'), self.id('K'));
        let policy = self.services.get(it.service).map(|it| it.policy.clone()).unwrap_or_default();
        let incident = IncidentRecord {
            number: self.numbers + self.incidents.len() as u64 + 1,
            title: it.title.into(),
            key: it.key.map_or(key, String::from),
            status: Status::Triggered,
            urgency: it.urgency.clone(),
            service: it.service.into(),
            assignees: self.on_level(&policy, 1, now).into_iter().map(|id| (id, now)).collect(),
            policy,
            level: 1,
            direct: false,
            acknowledgements: vec![],
            responders: vec![],
            priority: None,
            created_at: now,
            updated_at: now,
            status_since: now,
            changed_by: self.service_reference(it.service),
            resolved_at: None,
            reopened_at: None,
            snoozed_until: None,
            notes: vec![],
            log: vec![],
            reopened: 0,
            id: id.clone(),
        };
        let mut doing = Doing { state: self, incident, agent, now };
        doing.log("trigger", json!({}));
        doing.assigned("assign");
        doing.tell("triggered");
        doing.done();
        id
    }

    /// Does something to an incident.
    pub(super) fn perform(&mut self, id: &str, deed: Deed, agent: Agent, now: DateTime<Utc>) -> Result<(), Refusal> {
        let incident = self.incidents.get(id).cloned().ok_or_else(Refusal::not_found)?;
        let mut doing = Doing { state: self, incident, agent, now };
        doing.perform(deed)?;
        doing.incident.updated_at = now;
        doing.done();
        Ok(())
    }
}
