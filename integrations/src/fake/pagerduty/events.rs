use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::deed::Doing;
use super::state::State;

impl Doing<'_> {
    /// Tells of the incident as it is now.
    pub(super) fn tell(&mut self, event: &str) {
        let data = self.state.of_event(&self.incident);
        self.event(&format!("incident.{event}"), data);
    }

    /// Tells of something that happened to the incident.
    pub(super) fn event(&mut self, type_: &str, data: Value) {
        let mut event = envelope(type_, data);
        event["event"]["occurred_at"] = moment(self.now);
        event["event"]["agent"] = self.by();
        event["event"]["client"] = json!({ "name": "PagerDuty" });
        self.state.pushes.put(&self.incident.id, event);
    }
}

impl State {
    /// Tells of what a user did to a service.
    pub(super) fn tell_of_service(&mut self, event: &str, id: &str, user: &str) {
        let mut data = self.service_reference(id);
        data["type"] = "service".into();
        data["alert_creation"] = "create_alerts_and_incidents".into();
        data["teams"] = json!([]);
        let mut event = envelope(&format!("service.{event}"), data);
        event["event"]["occurred_at"] = moment(Utc::now());
        event["event"]["agent"] = self.user_reference(user);
        self.pushes.put(id, event);
    }
}

/// In the form in which events tell times.
pub(super) fn moment(at: DateTime<Utc>) -> Value {
    at.to_rfc3339_opts(SecondsFormat::Millis, true).into()
}

/// An event by nobody.
pub(super) fn envelope(type_: &str, data: Value) -> Value {
    let resource = type_.split('.').next().unwrap_or_default();
    json!({ "event": {
        "id": format!("01{}", &Uuid::new_v4().simple().to_string().to_uppercase()[..24]), "event_type": type_,
        "resource_type": resource, "occurred_at": null, "agent": null, "client": null, "data": data,
    } })
}
