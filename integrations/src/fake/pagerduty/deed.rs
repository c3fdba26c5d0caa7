//! What can be done to an incident, by whomever and through whatever, and what follows.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::incident::{AskedToHelp, IncidentRecord, reference, time};
use super::refusal::Refusal;
use super::state::State;
use crate::pagerduty::{Reply, Status, Urgency};

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
            number: self.incidents.len() as u64 + 1,
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

impl Doing<'_> {
    fn perform(&mut self, deed: Deed) -> Result<(), Refusal> {
        let over = self.incident.status == Status::Resolved;
        match deed {
            Deed::Acknowledge => self.acknowledge(),
            Deed::Resolve if over => Err(Refusal::resolved()),
            Deed::Resolve => Ok(self.resolve()),
            Deed::Retrigger => Ok(self.retrigger()),
            Deed::Note(content) => Ok(self.note(content)),
            Deed::Prioritize(id) => self.prioritize(id),
            Deed::Reassign(_)
            | Deed::Escalate(_)
            | Deed::Move(_)
            | Deed::Ask(..)
            | Deed::Reply(_)
            | Deed::Snooze(_)
                if over =>
            {
                Err(Refusal::resolved())
            }
            Deed::Reassign(users) => self.reassign(users),
            Deed::Escalate(level) => self.escalate(level),
            Deed::Move(policy) => self.move_to(policy),
            Deed::Ask(users, message) => self.ask(users, message),
            Deed::Reply(joins) => self.reply(joins),
            Deed::Snooze(seconds) => self.snooze(seconds),
        }
    }

    /// Whoever acknowledges an incident that is over lets it begin anew.
    fn acknowledge(&mut self) -> Result<(), Refusal> {
        let who = self.user();
        let again = self.incident.acknowledgements.iter().any(|it| it.0 == who);
        match self.incident.status {
            Status::Acknowledged if again => return Err(Refusal::acknowledged()),
            Status::Resolved => {
                self.reopen();
                self.incident.assignees = vec![(who.clone(), self.now)];
                self.tell("reopened");
            }
            Status::Triggered | Status::Acknowledged | Status::Unknown(_) => {}
        }
        self.status(Status::Acknowledged);
        if let Agent::User(_) = self.agent {
            self.incident.acknowledgements.push((who, self.now));
        }
        self.log("acknowledge", json!({ "acknowledgement_timeout": 1800 }));
        self.tell("acknowledged");
        Ok(())
    }

    fn resolve(&mut self) {
        self.status(Status::Resolved);
        self.incident.resolved_at = Some(self.now);
        self.incident.assignees.clear();
        self.forget();
        self.log("resolve", json!({}));
        self.tell("resolved");
    }

    fn retrigger(&mut self) {
        let event = match self.incident.status {
            Status::Resolved => {
                self.reopen();
                self.ask_level(1);
                "reopened"
            }
            Status::Acknowledged => {
                self.log("unacknowledge", json!({}));
                "unacknowledged"
            }
            Status::Triggered | Status::Unknown(_) => return,
        };
        self.forget();
        self.status(Status::Triggered);
        self.tell(event);
    }

    fn reopen(&mut self) {
        self.incident.reopened += 1;
        self.incident.resolved_at = None;
        self.incident.reopened_at = Some(self.now);
        self.log("trigger", json!({}));
    }

    fn reassign(&mut self, users: Vec<String>) -> Result<(), Refusal> {
        if users.is_empty() || users.iter().any(|it| !self.state.users.contains_key(it)) {
            return Err(Refusal::input("assignees must be users"));
        }
        self.incident.assignees = users.into_iter().map(|it| (it, self.now)).collect();
        self.incident.direct = true;
        self.asked_anew("assign", "reassigned");
        Ok(())
    }

    fn escalate(&mut self, level: usize) -> Result<(), Refusal> {
        let levels = self.state.policies.get(&self.incident.policy).map_or(0, |it| it.levels.len());
        if !(1..=levels).contains(&level) {
            return Err(Refusal::input("the policy has no such level"));
        }
        self.ask_level(level);
        self.asked_anew("escalate", "escalated");
        Ok(())
    }

    fn move_to(&mut self, policy: String) -> Result<(), Refusal> {
        if !self.state.policies.contains_key(&policy) {
            return Err(Refusal::input("there is no such escalation policy"));
        }
        self.incident.policy = policy;
        self.ask_level(1);
        self.asked_anew("delegate", "delegated");
        Ok(())
    }

    fn ask_level(&mut self, level: usize) {
        let asked = self.state.on_level(&self.incident.policy, level, self.now);
        self.incident.assignees = asked.into_iter().map(|it| (it, self.now)).collect();
        (self.incident.level, self.incident.direct) = (level, false);
    }

    /// Whoever is asked now has not acknowledged yet.
    fn asked_anew(&mut self, log: &str, event: &str) {
        self.forget();
        self.status(Status::Triggered);
        self.assigned(log);
        self.tell(event);
    }

    fn prioritize(&mut self, id: String) -> Result<(), Refusal> {
        if !self.state.priorities.iter().any(|it| it.id == id) {
            return Err(Refusal::input("there is no such priority"));
        }
        self.incident.priority = Some(id);
        self.tell("priority_updated");
        Ok(())
    }

    fn note(&mut self, content: String) {
        let id = self.state.id('N');
        let by = self.by();
        self.incident.notes.push(json!({
            "id": id, "user": by, "content": content, "created_at": time(self.now),
            "channel": { "summary": "The PagerDuty website or APIs" },
        }));
        self.log("annotate", json!({ "channel": { "type": "note", "summary": content } }));
        let about = self.about();
        let note =
            json!({ "id": id, "type": "incident_note", "incident": about, "content": content, "trimmed": false });
        self.event("incident.annotated", note);
    }

    fn ask(&mut self, users: Vec<String>, message: String) -> Result<(), Refusal> {
        if users.is_empty() || users.iter().any(|it| !self.state.users.contains_key(it)) {
            return Err(Refusal::input("responder_request_targets must be users or escalation policies"));
        }
        for user in users {
            let asked =
                AskedToHelp { user, by: self.user(), message: message.clone(), state: Reply::Pending, at: self.now };
            self.told_of("incident.responder.added", &asked);
            self.incident.responders.push(asked);
        }
        Ok(())
    }

    fn reply(&mut self, joins: bool) -> Result<(), Refusal> {
        let (who, reply) = (self.user(), if joins { Reply::Joined } else { Reply::Declined });
        let found = self.incident.responders.iter_mut().find(|it| it.user == who);
        let asked = found.ok_or_else(|| Refusal::input("they were not asked"))?;
        asked.state = reply;
        let asked = asked.clone();
        self.told_of("incident.responder.replied", &asked);
        Ok(())
    }

    fn told_of(&mut self, event: &str, asked: &AskedToHelp) {
        let data = json!({
            "type": "incident_responder", "incident": self.about(), "user": self.state.user_reference(&asked.user),
            "escalation_policy": null, "message": asked.message, "state": asked.state,
        });
        self.event(event, data);
    }

    fn snooze(&mut self, seconds: i64) -> Result<(), Refusal> {
        if self.incident.status != Status::Acknowledged {
            self.acknowledge()?;
        }
        self.incident.snoozed_until = Some(self.now + TimeDelta::seconds(seconds));
        self.log("snooze", json!({ "changed_actions": [] }));
        Ok(())
    }

    fn status(&mut self, status: Status) {
        self.incident.status = status;
        self.incident.status_since = self.now;
        self.incident.changed_by = self.by();
    }

    fn forget(&mut self) {
        self.incident.acknowledgements.clear();
        self.incident.snoozed_until = None;
    }

    fn assigned(&mut self, log: &str) {
        let ids: Vec<String> = self.incident.assignees.iter().map(|it| it.0.clone()).collect();
        let assignees: Vec<Value> = ids.iter().map(|it| self.state.user_reference(it)).collect();
        self.log(log, json!({ "assignees": assignees }));
        for id in ids {
            let user = self.state.user_reference(&id);
            self.log("notify", json!({ "user": user }));
        }
    }

    pub(super) fn about(&self) -> Value {
        reference("incident", &self.incident.id, &self.incident.title)
    }

    /// Who does it, as they are told of.
    pub(super) fn by(&self) -> Value {
        match &self.agent {
            Agent::User(id) => self.state.user_reference(id),
            Agent::Service(id) => self.state.service_reference(id),
            Agent::PagerDuty => Value::Null,
        }
    }

    fn user(&self) -> String {
        match &self.agent {
            Agent::User(id) => id.clone(),
            Agent::Service(_) | Agent::PagerDuty => String::new(),
        }
    }

    fn log(&mut self, kind: &str, more: Value) {
        let mut entry = json!({
            "id": self.state.id('R'), "type": format!("{kind}_log_entry"), "created_at": time(self.now), "agent": self.by(),
            "summary": kind, "channel": { "type": "api" }, "incident": self.about(),
            "service": self.state.service_reference(&self.incident.service), "teams": [], "contexts": [],
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            entry[name] = value.clone();
        }
        self.incident.log.push(entry);
    }

    fn done(self) {
        self.state.incidents.insert(self.incident.id.clone(), self.incident);
    }
}
