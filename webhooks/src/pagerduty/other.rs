//! Events whose objects nothing here needs but for a line in the incident's log.

use integrations::pagerduty::Reference;
use serde_json::Value;

use super::event::Told;
use super::matter::{Beside, Matter};

/// What becomes of them.
enum Other {
    /// Where people meet is another place.
    Bridge,
    /// A line in the log, with this of its data for a text.
    Line(&'static [&'static str]),
    /// Nothing that we keep.
    Nothing,
}

impl Other {
    fn of(kind: &str) -> Self {
        match kind {
            "incident.conference_bridge.updated" => Self::Bridge,
            "incident.custom_field_values.updated" => Self::Line(&[]),
            "incident.role.assigned" => Self::Line(&["role", "name"]),
            "incident.task.created" | "incident.task.updated" | "incident.task.completed" => Self::Line(&["name"]),
            "incident.action_invocation.created"
            | "incident.action_invocation.updated"
            | "incident.action_invocation.terminated" => Self::Line(&["action", "summary"]),
            "incident.workflow.started" | "incident.workflow.completed" => Self::Line(&["summary"]),
            "service.custom_field_values.updated" => Self::Nothing,
            // What PagerDuty adds some day.
            _ => Self::Nothing,
        }
    }
}

/// What such an event is about.
pub(super) fn matter<'a>(told: &Told<'_>, kind: &str, body: &[u8]) -> Matter<'a> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let data = &body["event"]["data"];
    let incident = || serde_json::from_value::<Reference>(data["incident"].clone()).ok();
    match (Other::of(kind), incident()) {
        (Other::Nothing, _) => Matter::Nothing,
        (Other::Bridge | Other::Line(_), None) => Matter::Unclear("it names no incident".into()),
        (Other::Line(path), Some(incident)) => {
            let text = path.iter().fold(data, |it, name| &it[*name]).as_str().unwrap_or_default();
            told.line(&incident, text.into())
        }
        (Other::Bridge, Some(incident)) => {
            let url = data["conference_url"].as_str().filter(|it| !it.is_empty()).map(String::from);
            told.with(Beside::Bridge(url.clone()), (&incident, url.unwrap_or_default()))
        }
    }
}
