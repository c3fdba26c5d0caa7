//! The routes that tell of incidents.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::PagerDuty;
use super::incident::IncidentRecord;
use super::page::Asked;
use super::refusal::{Answer, Refusal};
use super::state::State;

/// How far apart `since` and `until` may be.
/// <https://developer.pagerduty.com/api-reference/>
const LONGEST: TimeDelta = TimeDelta::days(184);

const SORTS: [&str; 6] = [
    "incident_number",
    "incident_number:asc",
    "incident_number:desc",
    "created_at",
    "created_at:asc",
    "created_at:desc",
];

pub(super) fn list(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    asked.of("statuses[]", &["triggered", "acknowledged", "resolved"])?;
    asked.of("urgencies[]", &["high", "low"])?;
    asked.of("date_range", &["all"])?;
    let newest_first = asked.of("sort_by", &SORTS)?.iter().any(|it| it.ends_with(":desc"));
    let (since, until) = window(asked)?;
    let state = pagerduty.state();
    let mut found: Vec<&IncidentRecord> = state.incidents.values().filter(|it| wanted(it, asked)).collect();
    found.retain(|it| (since..until).contains(&it.created_at));
    found.sort_by_key(|it| it.number);
    if newest_first {
        found.reverse();
    }
    asked.page("incidents", found, |it| state.of_rest(it))
}

/// The last month, unless something else is said.
fn window(asked: &Asked) -> Result<(DateTime<Utc>, DateTime<Utc>), Refusal> {
    let (since, until) = (asked.time("since")?, asked.time("until")?);
    if asked.value("date_range").is_some() {
        return Ok((DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC));
    }
    let until = until.unwrap_or(asked.now + TimeDelta::seconds(1));
    let since = since.unwrap_or(until - TimeDelta::days(30));
    if since > until || until - since > LONGEST {
        return Err(Refusal::input("since and until may be six months apart"));
    }
    Ok((since, until))
}

fn wanted(it: &IncidentRecord, asked: &Asked) -> bool {
    let status = json!(it.status);
    let urgency = json!(it.urgency);
    asked.wants("statuses[]", status.as_str().unwrap_or_default())
        && asked.wants("urgencies[]", urgency.as_str().unwrap_or_default())
        && asked.wants("service_ids[]", &it.service)
        && asked.wants("incident_key", &it.key)
}

pub(super) fn one(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    found(pagerduty, asked, |state, it| json!({ "incident": state.of_rest(it) }))
}

pub(super) fn notes(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    found(pagerduty, asked, |_, it| json!({ "notes": it.notes }))
}

/// The latest first.
pub(super) fn log(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let state = pagerduty.state();
    let incident = state.incidents.get(asked.id(0)).ok_or_else(Refusal::not_found)?;
    asked.page("log_entries", incident.log.iter().rev().collect(), Value::clone)
}

fn found(pagerduty: &PagerDuty, asked: &Asked, told: fn(&State, &IncidentRecord) -> Value) -> Answer {
    let state = pagerduty.state();
    let incident = state.incidents.get(asked.id(0)).ok_or_else(Refusal::not_found)?;
    Ok((StatusCode::OK, told(&state, incident)))
}
