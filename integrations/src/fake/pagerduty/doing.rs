//! What follows from what is done to an incident: its state, its log, and what is told of it.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::deed::{Agent, Deed, Doing};
use super::incident::{AskedToHelp, reference, time};
use super::refusal::Refusal;
use crate::pagerduty::{Reply, Status};

impl Doing<'_> {
    pub(super) fn perform(&mut self, deed: Deed) -> Result<(), Refusal> {
        let over = self.incident.status == Status::Resolved;
        match deed {
            Deed::Acknowledge => self.acknowledge(),
            Deed::Resolve if over => Err(Refusal::resolved()),
            Deed::Resolve => self.resolve(),
            Deed::Retrigger => self.retrigger(),
            Deed::Note(content) => self.note(content),
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

    fn resolve(&mut self) -> Result<(), Refusal> {
        self.status(Status::Resolved);
        self.incident.resolved_at = Some(self.now);
        self.incident.assignees.clear();
        self.forget();
        self.log("resolve", json!({}));
        self.tell("resolved");
        Ok(())
    }

    fn retrigger(&mut self) -> Result<(), Refusal> {
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
            Status::Triggered | Status::Unknown(_) => return Ok(()),
        };
        self.forget();
        self.status(Status::Triggered);
        self.tell(event);
        Ok(())
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

    fn note(&mut self, content: String) -> Result<(), Refusal> {
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
        Ok(())
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

    pub(super) fn assigned(&mut self, log: &str) {
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

    pub(super) fn log(&mut self, kind: &str, more: Value) {
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

    pub(super) fn done(self) {
        self.state.incidents.insert(self.incident.id.clone(), self.incident);
    }
}
