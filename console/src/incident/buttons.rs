use cards::{Action, Emphasis};
use domain::PgConnection;
use domain::incidents::Incident;

use crate::{Asks, act};

/// What can be pressed below the card of an incident, the most useful first. This is the one place for it: whatever card
/// shows an incident, be it sent or asked for, has these.
pub async fn buttons(db: &mut PgConnection, incident: &Incident) -> sqlx::Result<Vec<Action>> {
    let read = |label: &str, ask| Action::Read { label: label.into(), ask, emphasis: Emphasis::Normal };
    let mut actions = act::incident::buttons(db, incident).await?;
    actions.push(read("Who is on call", Asks::on_call_for(&incident.service_id)));
    actions.push(read("Log", Asks::incident_log(incident.number)));
    Ok(actions)
}
