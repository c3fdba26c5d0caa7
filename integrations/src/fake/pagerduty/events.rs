use chrono::SecondsFormat;
use serde_json::{Value, json};
use uuid::Uuid;

use super::deed::Doing;

impl Doing<'_> {
    /// Tells of the incident as it is now.
    pub(super) fn tell(&mut self, event: &str) {
        let data = self.state.of_event(&self.incident);
        self.event(&format!("incident.{event}"), data);
    }

    /// Tells of something that happened to the incident.
    pub(super) fn event(&mut self, type_: &str, data: Value) {
        let mut event = envelope(type_, data);
        event["event"]["occurred_at"] = self.now.to_rfc3339_opts(SecondsFormat::Millis, true).into();
        event["event"]["agent"] = self.by();
        event["event"]["client"] = json!({ "name": "PagerDuty" });
        self.state.pushes.put(&self.incident.id, event);
    }
}

/// An event by nobody.
pub(super) fn envelope(type_: &str, data: Value) -> Value {
    let resource = type_.split('.').next().unwrap_or_default();
    json!({ "event": {
        "id": format!("01{}", &Uuid::new_v4().simple().to_string().to_uppercase()[..24]), "event_type": type_,
        "resource_type": resource, "occurred_at": null, "agent": null, "client": null, "data": data,
    } })
}
