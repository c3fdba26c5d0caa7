//! What happens in the account by others than the app.

use chrono::Utc;

use super::deed::{Agent, Beginning, Deed};
use super::refusal::Refusal;
use super::state::State;
use super::{PagerDuty, PagerService};
use crate::pagerduty::{Incident, Urgency};

impl PagerDuty {
    /// A service's monitoring begins an incident; its id.
    pub fn trigger(&self, service: &str, title: &str, urgency: Urgency) -> String {
        let beginning = Beginning { service, title, urgency, key: None };
        self.act(|state| {
            assert!(state.services.contains_key(service), "there is no service {service}");
            state.begin(&beginning, Agent::Service(service.into()), Utc::now())
        })
    }

    /// A user takes an incident.
    pub fn acknowledge(&self, incident: &str, user: &str) {
        self.play(incident, Deed::Acknowledge, Agent::User(user.into()));
    }

    /// Whoever took an incident took too long.
    pub fn unacknowledge(&self, incident: &str) {
        self.play(incident, Deed::Retrigger, Agent::PagerDuty);
    }

    /// A user says that an incident is over.
    pub fn resolve(&self, incident: &str, user: &str) {
        self.play(incident, Deed::Resolve, Agent::User(user.into()));
    }

    /// A service's monitoring says that an incident is over.
    pub fn recover(&self, incident: &str) {
        let service = self.state().incidents.get(incident).map(|it| it.service.clone()).unwrap_or_default();
        self.play(incident, Deed::Resolve, Agent::Service(service));
    }

    /// A user lets an incident begin anew.
    pub fn reopen(&self, incident: &str, user: &str) {
        self.play(incident, Deed::Retrigger, Agent::User(user.into()));
    }

    /// A user has others asked instead.
    pub fn reassign(&self, incident: &str, user: &str, to: &[&str]) {
        let to = to.iter().map(|it| it.to_string()).collect();
        self.play(incident, Deed::Reassign(to), Agent::User(user.into()));
    }

    /// Nobody answered, so that the next level is asked.
    pub fn escalate(&self, incident: &str) {
        let level = self.state().incidents.get(incident).map_or(0, |it| it.level);
        self.play(incident, Deed::Escalate(level + 1), Agent::PagerDuty);
    }

    /// A user gives an incident to another policy.
    pub fn delegate(&self, incident: &str, user: &str, policy: &str) {
        self.play(incident, Deed::Move(policy.into()), Agent::User(user.into()));
    }

    /// A user writes a note.
    pub fn note(&self, incident: &str, user: &str, content: &str) {
        self.play(incident, Deed::Note(content.into()), Agent::User(user.into()));
    }

    /// A user asks another to help.
    pub fn add_responder(&self, incident: &str, user: &str, asked: &str) {
        let deed = Deed::Ask(vec![asked.into()], "Please help".into());
        self.play(incident, deed, Agent::User(user.into()));
    }

    /// A user who was asked to help does, or does not.
    pub fn reply(&self, incident: &str, user: &str, joins: bool) {
        self.play(incident, Deed::Reply(joins), Agent::User(user.into()));
    }

    /// A user gives an incident a priority, by its id.
    pub fn set_priority(&self, incident: &str, user: &str, priority: &str) {
        self.play(incident, Deed::Prioritize(priority.into()), Agent::User(user.into()));
    }

    /// A user adds or changes a service.
    pub fn change_service(&self, user: &str, service: PagerService) {
        self.act(|state| {
            let id = service.id.clone();
            let event = if state.services.contains_key(&id) { "updated" } else { "created" };
            state.services.insert(id.clone(), service);
            state.tell_of_service(event, &id, user);
        });
    }

    /// A user removes a service.
    pub fn remove_service(&self, user: &str, id: &str) {
        self.act(|state| {
            state.tell_of_service("deleted", id, user);
            state.services.remove(id);
        });
    }

    /// An incident goes for good, as one does that is merged away or whose service is removed; nobody is told.
    pub fn vanish(&self, incident: &str) {
        self.tell(|state| state.incidents.remove(incident));
    }

    /// An incident as the REST API tells of it.
    pub fn incident(&self, id: &str) -> Incident {
        let state = self.state();
        let record = state.incidents.get(id).expect("an incident");
        Incident::parse(state.of_rest(record).to_string().as_bytes()).expect("what we tell can be read")
    }

    /// Ids of all incidents, in the order in which they began.
    pub fn incidents(&self) -> Vec<String> {
        let state = self.state();
        let mut all: Vec<_> = state.incidents.values().map(|it| (it.number, it.id.clone())).collect();
        all.sort();
        all.into_iter().map(|it| it.1).collect()
    }

    /// How often an incident that was over began anew.
    pub fn reopened(&self, incident: &str) -> usize {
        self.state().incidents.get(incident).map_or(0, |it| it.reopened)
    }

    /// Users who are on call on a level of a policy now; the first level is 1.
    pub fn on_call(&self, policy: &str, level: usize) -> Vec<String> {
        self.state().on_level(policy, level, Utc::now())
    }

    fn play(&self, incident: &str, deed: Deed, agent: Agent) {
        let said = format!("{deed:?}");
        let played = self.act(|state: &mut State| state.perform(incident, deed, agent, Utc::now()));
        if let Err(Refusal { .. }) = &played {
            panic!("{said} cannot happen to {incident}: {played:?}");
        }
    }
}
