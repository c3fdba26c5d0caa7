use console::pagerduty::{State, named, status, urgency};
use domain::incidents::{Incident, Status};
use integrations::pagerduty::{EventIncident, Kind};

use super::event::Told;

/// The incident as an event tells it; the error says why it cannot be told.
pub(super) fn of_event(
    told: &Told<'_>,
    (kind, it): (&Kind, &EventIncident),
    known: Option<&Incident>,
) -> Result<State, String> {
    let status = status(&it.status)?;
    // Events do not say since when it is over, but one of them is just that moment.
    let over = match kind {
        Kind::Resolved => Some(told.at),
        _ => known.and_then(|it| it.resolved_at).or(Some(told.at)),
    };
    let incident = Incident {
        id: it.id.clone(),
        number: i64::try_from(it.number).unwrap_or_default(),
        title: it.title.clone(),
        status,
        urgency: urgency(&it.urgency),
        priority: it.priority.as_ref().and_then(|it| it.summary.clone()),
        service_id: it.service.as_ref().map(|it| it.id.clone()).unwrap_or_default(),
        policy_id: it.escalation_policy.as_ref().map(|it| it.id.clone()),
        key: it.incident_key.clone(),
        url: it.html_url.clone(),
        bridge_url: it.conference_bridge.as_ref().and_then(|it| it.conference_url.clone()),
        created_at: it.created_at.unwrap_or(told.at),
        resolved_at: over.filter(|_| status == Status::Resolved),
        changed_by: told.who(),
        source_at: told.at,
        source_id: told.id.into(),
        revision: 0,
    };
    Ok(State { incident, asked: named(it.assignees.iter()) })
}
