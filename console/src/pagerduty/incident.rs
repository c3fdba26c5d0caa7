use std::collections::BTreeSet;

use domain::incidents::{Incident, Moment, Status, Urgency};
use integrations::pagerduty::{self as wire, Reference};

/// An incident as it was told, with those whom it asks (id, name).
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The incident.
    pub incident: Incident,
    /// Who is asked.
    pub asked: Vec<(String, String)>,
}

/// The status of this word; the error says which word is none.
pub fn status(word: &wire::Status) -> Result<Status, String> {
    match word {
        wire::Status::Triggered => Ok(Status::Triggered),
        wire::Status::Acknowledged => Ok(Status::Acknowledged),
        wire::Status::Resolved => Ok(Status::Resolved),
        wire::Status::Unknown(word) => Err(format!("its status is none that is known: {word:?}")),
    }
}

/// The urgency of this word; one that is unknown is high, since it is better to ask once too often.
pub fn urgency(word: &wire::Urgency) -> Urgency {
    match word {
        wire::Urgency::High | wire::Urgency::Unknown(_) => Urgency::High,
        wire::Urgency::Low => Urgency::Low,
    }
}

impl State {
    /// What a reading told.
    pub fn read(it: &wire::Incident, moment: Moment, source_id: &str) -> Result<Self, String> {
        let status = status(&it.status)?;
        let over = it.resolved_at.or(it.last_status_change_at).or(it.updated_at).unwrap_or(moment.read_at);
        let incident = Incident {
            id: it.id.clone(),
            number: i64::try_from(it.incident_number).unwrap_or_default(),
            title: it.title.clone(),
            status,
            urgency: urgency(&it.urgency),
            priority: it.priority.as_ref().and_then(|it| it.summary.clone()),
            service_id: it.service.as_ref().map(|it| it.id.clone()).unwrap_or_default(),
            policy_id: it.escalation_policy.as_ref().map(|it| it.id.clone()),
            key: it.incident_key.clone(),
            url: it.html_url.clone(),
            bridge_url: it.conference_bridge.as_ref().and_then(|it| it.conference_url.clone()),
            created_at: it.created_at.unwrap_or(moment.read_at),
            resolved_at: (status == Status::Resolved).then_some(over),
            changed_by: it.last_status_change_by.as_ref().and_then(|it| it.summary.clone()),
            source_at: moment.source_at(),
            source_id: source_id.into(),
            revision: 0,
        };
        Ok(Self { incident, asked: named(it.assignments.iter().map(|it| &it.assignee)) })
    }

    /// Whether it says of the incident, and of whom that asks, just what is known.
    pub fn same(&self, known: &Incident, asked: &[String]) -> bool {
        let it = &self.incident;
        let service = it.service_id.is_empty() || it.service_id == known.service_id;
        let kept = (&it.title, it.status, it.urgency, &it.priority, &it.policy_id, &it.bridge_url);
        let told: BTreeSet<&String> = self.asked.iter().map(|it| &it.0).collect();
        service
            && kept == (&known.title, known.status, known.urgency, &known.priority, &known.policy_id, &known.bridge_url)
            && told == asked.iter().collect()
    }
}

/// Members by id and name, each once.
pub fn named<'a>(of: impl Iterator<Item = &'a Reference>) -> Vec<(String, String)> {
    let mut seen = BTreeSet::new();
    let of = of.filter(|it| seen.insert(it.id.clone()));
    of.map(|it| (it.id.clone(), it.summary.clone().unwrap_or_else(|| it.id.clone()))).collect()
}
