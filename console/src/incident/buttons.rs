use cards::{Action, Emphasis};
use domain::PgConnection;
use domain::incidents::Incident;

use crate::{Asks, act};

/// What can be pressed below the card of an incident, the most useful first. This is the one place for it: whatever card
/// shows an incident, be it sent or asked for, has these.
pub async fn buttons(db: &mut PgConnection, incident: &Incident) -> sqlx::Result<Vec<Action>> {
    Ok(all_buttons(db, &[incident]).await?.pop().unwrap_or_default())
}

/// The same for several, in their order.
pub async fn all_buttons(db: &mut PgConnection, incidents: &[&Incident]) -> sqlx::Result<Vec<Vec<Action>>> {
    let read = |label: &str, ask| Action::Read { label: label.into(), ask, emphasis: Emphasis::Normal };
    let acts = act::incident::all_buttons(db, incidents).await?;
    let all = acts.into_iter().zip(incidents).map(|(mut actions, incident)| {
        actions.push(read("Who is on call", Asks::on_call_for(&incident.service_id)));
        actions.push(read("Log", Asks::incident_log(incident.number)));
        actions
    });
    Ok(all.collect())
}
