use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::state::State;
use crate::pagerduty::{Reply, Status, Urgency};

/// Where the account's pages would be.
const PAGES: &str = "https://pin.pagerduty.example";

/// An incident.
#[derive(Clone, Debug)]
pub(super) struct IncidentRecord {
    pub(super) id: String,
    pub(super) number: u64,
    pub(super) title: String,
    pub(super) key: String,
    pub(super) status: Status,
    pub(super) urgency: Urgency,
    pub(super) service: String,
    pub(super) policy: String,
    pub(super) level: usize,
    pub(super) direct: bool,
    pub(super) assignees: Vec<(String, DateTime<Utc>)>,
    pub(super) acknowledgements: Vec<(String, DateTime<Utc>)>,
    pub(super) responders: Vec<AskedToHelp>,
    pub(super) priority: Option<String>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) status_since: DateTime<Utc>,
    pub(super) changed_by: Value,
    pub(super) resolved_at: Option<DateTime<Utc>>,
    pub(super) reopened_at: Option<DateTime<Utc>>,
    pub(super) snoozed_until: Option<DateTime<Utc>>,
    pub(super) notes: Vec<Value>,
    pub(super) log: Vec<Value>,
    /// How often it began anew.
    pub(super) reopened: usize,
}

/// Somebody who was asked to help.
#[derive(Clone, Debug)]
pub(super) struct AskedToHelp {
    pub(super) user: String,
    pub(super) by: String,
    pub(super) message: String,
    pub(super) state: Reply,
    pub(super) at: DateTime<Utc>,
}

/// In the form in which PagerDuty tells times.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Something, by its id and what it is called.
pub(super) fn reference(type_: &str, id: &str, summary: &str) -> Value {
    let plural = if let Some(it) = type_.strip_suffix('y') { format!("{it}ies") } else { format!("{type_}s") };
    json!({
        "id": id, "type": format!("{type_}_reference"), "summary": summary,
        "self": format!("https://api.pagerduty.example/{plural}/{id}"), "html_url": format!("{PAGES}/{plural}/{id}"),
    })
}

/// The same, where what is sent is the thing itself.
pub(super) fn whole(type_: &str, id: &str, name: &str, more: Value) -> Value {
    let mut it = reference(type_, id, name);
    it["type"] = type_.into();
    it["name"] = name.into();
    for (field, value) in more.as_object().into_iter().flatten() {
        it[field] = value.clone();
    }
    it
}

impl State {
    pub(super) fn user_reference(&self, id: &str) -> Value {
        reference("user", id, self.users.get(id).map_or("", |it| &it.name))
    }

    pub(super) fn policy_reference(&self, id: &str) -> Value {
        reference("escalation_policy", id, self.policies.get(id).map_or("", |it| &it.name))
    }

    pub(super) fn service_reference(&self, id: &str) -> Value {
        reference("service", id, self.services.get(id).map_or("", |it| &it.name))
    }

    fn priority_reference(&self, id: &str) -> Value {
        reference("priority", id, self.priorities.iter().find(|it| it.id == id).map_or("", |it| &it.name))
    }

    /// An incident as the REST API tells of it.
    pub(super) fn of_rest(&self, it: &IncidentRecord) -> Value {
        let assigned =
            it.assignees.iter().map(|(id, at)| json!({ "at": time(*at), "assignee": self.user_reference(id) }));
        let taken = it
            .acknowledgements
            .iter()
            .map(|(id, at)| json!({ "at": time(*at), "acknowledger": self.user_reference(id) }));
        let mut told = self.common(it);
        for (name, value) in [
            ("incident_number", json!(it.number)),
            ("summary", json!(format!("[#{}] {}", it.number, it.title))),
            ("updated_at", json!(time(it.updated_at))),
            ("resolved_at", json!(it.resolved_at.map(time))),
            ("assignments", assigned.collect()),
            ("assigned_via", if it.direct { "direct_assignment" } else { "escalation_policy" }.into()),
            ("acknowledgements", taken.collect()),
            ("last_status_change_at", json!(time(it.status_since))),
            ("last_status_change_by", it.changed_by.clone()),
            ("pending_actions", pending(it)),
            ("incidents_responders", it.responders.iter().map(|asked| self.asked(it, asked)).collect()),
            ("responder_requests", json!([])),
            ("alert_counts", json!({ "all": 1, "triggered": 1, "resolved": 0 })),
            ("is_mergeable", true.into()),
        ] {
            told[name] = value;
        }
        told
    }

    /// An incident as webhooks tell of it.
    pub(super) fn of_event(&self, it: &IncidentRecord) -> Value {
        let mut told = self.common(it);
        told["number"] = it.number.into();
        told["reopened_at"] = json!(it.reopened_at.map(time));
        told["assignees"] = it.assignees.iter().map(|(id, _)| self.user_reference(id)).collect();
        told
    }

    fn common(&self, it: &IncidentRecord) -> Value {
        json!({
            "id": it.id, "type": "incident", "self": format!("https://api.pagerduty.example/incidents/{}", it.id),
            "html_url": format!("{PAGES}/incidents/{}", it.id), "title": it.title, "status": it.status,
            "urgency": it.urgency, "incident_key": it.key, "created_at": time(it.created_at),
            "service": self.service_reference(&it.service), "escalation_policy": self.policy_reference(&it.policy),
            "priority": it.priority.as_deref().map(|id| self.priority_reference(id)), "teams": [],
            "conference_bridge": null, "resolve_reason": null, "incident_type": { "name": "incident_default" },
        })
    }

    fn asked(&self, incident: &IncidentRecord, it: &AskedToHelp) -> Value {
        json!({
            "state": it.state, "user": self.user_reference(&it.user), "message": it.message,
            "incident": reference("incident", &incident.id, &incident.title),
            "requester": self.user_reference(&it.by), "requested_at": time(it.at), "updated_at": time(it.at),
        })
    }
}

fn pending(it: &IncidentRecord) -> Value {
    match it.snoozed_until {
        Some(until) => json!([{ "type": "unacknowledge", "at": time(until) }]),
        None => json!([]),
    }
}
