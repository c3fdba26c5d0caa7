//! Events whose objects nothing here needs but for a line in the incident's log.

use console::Ctx;
use domain::PgConnection;
use domain::incidents::Incident;
use integrations::pagerduty::Reference;
use serde_json::Value;

use super::change::noted;
use super::event::{Told, log};
use crate::apply::Applied;

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

/// Applies such an event.
pub(super) async fn apply(
    ctx: &Ctx,
    db: &mut PgConnection,
    told: &Told<'_>,
    (kind, body): (&str, &[u8]),
) -> anyhow::Result<Applied> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let data = &body["event"]["data"];
    let incident = || serde_json::from_value::<Reference>(data["incident"].clone()).ok();
    match (Other::of(kind), incident()) {
        (Other::Nothing, _) => Ok(Applied::Ignored),
        (Other::Bridge | Other::Line(_), None) => Ok(Applied::Unparsed("it names no incident".into())),
        (Other::Line(path), Some(incident)) => {
            let text = path.iter().fold(data, |it, name| &it[*name]).as_str().unwrap_or_default();
            log(ctx, db, told, (&incident, text.into())).await
        }
        (Other::Bridge, Some(incident)) => {
            let url = data["conference_url"].as_str().filter(|it| !it.is_empty());
            Incident::meet(&mut *db, &incident.id, url, told.at).await?;
            let entry = told.entry(url.unwrap_or_default().into());
            let new = entry.write(&mut *db, &incident.id).await?;
            Ok(Applied::Done(noted(ctx, db, &incident.id, (new.then_some(entry), true)).await?))
        }
    }
}
