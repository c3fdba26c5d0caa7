//! The Events API. <https://developer.pagerduty.com/docs/events-api-v2-overview>

use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::deed::{Agent, Beginning, Deed};
use super::http::field;
use super::state::State;
use super::{PagerCall, PagerDuty};
use crate::pagerduty::{Status, Urgency};

const FIELDS: [&str; 8] =
    ["routing_key", "event_action", "dedup_key", "payload", "images", "links", "client", "client_url"];
const PAYLOAD: [&str; 8] =
    ["summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"];
const SEVERITIES: [&str; 4] = ["critical", "error", "warning", "info"];

/// By one key in a minute. <https://developer.pagerduty.com/docs/events-api-v2-overview>
const PER_MINUTE: usize = 120;

/// What can be sent: the service's id, and what happens there.
struct Alert<'a> {
    service: String,
    action: &'a str,
    key: Option<&'a str>,
    payload: &'a Value,
}

pub(super) async fn enqueue(Extract(pagerduty): Extract<PagerDuty>, body: Bytes) -> Response {
    let (body, at): (Value, _) = (serde_json::from_slice(&body).unwrap_or_default(), Utc::now());
    let (route, path) = ("POST /v2/enqueue".to_string(), "/v2/enqueue".to_string());
    let call = PagerCall { route, path, query: vec![], from: None, body: body.clone(), at };
    let (delay, fault) = pagerduty.tell(|state| {
        state.calls.note(call);
        (state.faults.delay, state.faults.take())
    });
    tokio::time::sleep(delay).await;
    if let Some(instead) = fault.and_then(|it| it.before()) {
        return instead;
    }
    let answer = pagerduty.act(|state| answer(state, &body, at));
    match fault {
        Some(fault) => fault.after().await.unwrap_or(answer),
        None => answer,
    }
}

fn answer(state: &mut State, body: &Value, now: DateTime<Utc>) -> Response {
    let alert = match read(state, body) {
        Ok(alert) => alert,
        Err(why) => {
            let told = json!({ "status": "invalid event", "message": "Event object is invalid", "errors": [why] });
            return (StatusCode::BAD_REQUEST, axum::Json(told)).into_response();
        }
    };
    let recent = state.alerts.entry(alert.service.clone()).or_default();
    recent.retain(|it| *it > now - TimeDelta::minutes(1));
    if recent.len() >= PER_MINUTE {
        return (StatusCode::TOO_MANY_REQUESTS, axum::Json(json!({ "status": "throttle exceeded" }))).into_response();
    }
    recent.push_back(now);
    let key = happen(state, &alert, now);
    let told = json!({ "status": "success", "message": "Event processed", "dedup_key": key });
    (StatusCode::ACCEPTED, axum::Json(told)).into_response()
}

fn read<'a>(state: &State, body: &'a Value) -> Result<Alert<'a>, &'static str> {
    known(body, &FIELDS)?;
    let routing =
        field(body, "routing_key").filter(|it| it.len() == 32).ok_or("routing_key must have 32 characters")?;
    let keyed = state.services.values().find(|it| it.integration_key.as_deref() == Some(routing));
    let service = keyed.map(|it| it.id.clone()).ok_or("routing_key belongs to no integration")?;
    let action = field(body, "event_action").filter(|it| ["trigger", "acknowledge", "resolve"].contains(it));
    let action = action.ok_or("event_action must be trigger, acknowledge or resolve")?;
    let key = field(body, "dedup_key");
    if key.is_some_and(|it| it.chars().count() > 255) || action != "trigger" && key.is_none() {
        return Err("dedup_key must be there, with at most 255 characters");
    }
    let payload = body.get("payload").unwrap_or(&Value::Null);
    if action == "trigger" {
        checked(payload)?;
    }
    Ok(Alert { service, action, key, payload })
}

fn checked(payload: &Value) -> Result<(), &'static str> {
    known(payload, &PAYLOAD)?;
    let summary = field(payload, "summary").filter(|it| (1..=1024).contains(&it.chars().count()));
    summary.ok_or("summary must have 1 to 1024 characters")?;
    field(payload, "source").filter(|it| !it.is_empty()).ok_or("source must be there")?;
    field(payload, "severity").filter(|it| SEVERITIES.contains(it)).ok_or("severity is none of the four")?;
    Ok(())
}

fn known(value: &Value, names: &[&str]) -> Result<(), &'static str> {
    let fields = value.as_object().ok_or("an object is missing")?;
    fields.keys().all(|it| names.contains(&it.as_str())).then_some(()).ok_or("an unknown field")
}

/// What was said of the same alert before counts: it begins once, and what is over or was never there stays so.
fn happen(state: &mut State, alert: &Alert<'_>, now: DateTime<Utc>) -> String {
    let same = |it: &&super::incident::IncidentRecord| {
        it.service == alert.service && Some(it.key.as_str()) == alert.key && it.status != Status::Resolved
    };
    let open = state.incidents.values().find(same).map(|it| (it.id.clone(), it.status.clone()));
    let agent = Agent::Service(alert.service.clone());
    let told = match (alert.action, &open) {
        ("trigger", None) => {
            let title = field(alert.payload, "summary").unwrap_or_default();
            let urgency = Urgency::High;
            let beginning = Beginning { service: &alert.service, title, urgency, key: alert.key };
            let id = state.begin(&beginning, agent, now);
            return state.incidents.get(&id).map(|it| it.key.clone()).unwrap_or_default();
        }
        ("acknowledge", Some((id, Status::Triggered))) => state.perform(id, Deed::Acknowledge, agent, now),
        ("resolve", Some((id, _))) => state.perform(id, Deed::Resolve, agent, now),
        _ => Ok(()),
    };
    debug_assert!(told.is_ok(), "an open incident takes this");
    alert.key.unwrap_or_default().into()
}
