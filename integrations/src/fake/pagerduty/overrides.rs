//! The routes of a schedule's overrides.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::PagerDuty;
use super::company::Shift;
use super::http::field;
use super::incident::time;
use super::page::Asked;
use super::refusal::{Answer, Refusal};
use super::state::State;

pub(super) fn list(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let (Some(since), Some(until)) = (asked.time("since")?, asked.time("until")?) else {
        return Err(Refusal::input("since and until must be there"));
    };
    let state = pagerduty.state();
    let schedule = state.schedules.get(asked.id(0)).ok_or_else(Refusal::not_found)?;
    let found = schedule.overrides.iter().filter(|(_, it)| it.start < until && it.end > since);
    let told: Vec<Value> = found.map(|(id, it)| override_json(&state, id, it)).collect();
    Ok((StatusCode::OK, json!({ "overrides": told })))
}

fn override_json(state: &State, id: &str, it: &Shift) -> Value {
    json!({ "id": id, "start": time(it.start), "end": time(it.end), "user": state.user_reference(&it.user) })
}

/// Each has its own verdict.
pub(super) fn create(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let wanted = asked.body.get("overrides").and_then(Value::as_array).filter(|it| !it.is_empty());
    let wanted = wanted.ok_or_else(|| Refusal::input("overrides must be there"))?;
    if !pagerduty.state().schedules.contains_key(asked.id(0)) {
        return Err(Refusal::not_found());
    }
    let told = wanted.iter().map(|it| pagerduty.tell(|state| created(state, asked, it)));
    Ok((StatusCode::CREATED, told.collect()))
}

fn created(state: &mut State, asked: &Asked, wanted: &Value) -> Value {
    match read(state, wanted, asked.now) {
        Err(why) => json!({ "status": 400, "errors": [why], "override": wanted }),
        Ok(shift) => {
            let id = state.id('O');
            let told = override_json(state, &id, &shift);
            if let Some(schedule) = state.schedules.get_mut(asked.id(0)) {
                schedule.overrides.insert(id, shift);
            }
            json!({ "status": 201, "override": told })
        }
    }
}

fn read(state: &State, wanted: &Value, now: DateTime<Utc>) -> Result<Shift, &'static str> {
    let at =
        |name| field(wanted, name).and_then(|it| it.parse::<DateTime<Utc>>().ok()).ok_or("Override needs its times");
    let (start, end) = (at("start")?, at("end")?);
    let user = field(&wanted["user"], "id").filter(|it| state.users.contains_key(*it)).ok_or("User not found")?;
    match () {
        () if end <= start => Err("Override must end after its start"),
        () if end <= now => Err("Override must end in the future"),
        () => Ok(Shift { start, end, user: user.into() }),
    }
}

/// One that has begun is cut short instead.
pub(super) fn delete(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    pagerduty.tell(|state| {
        let schedule = state.schedules.get_mut(asked.id(0)).ok_or_else(Refusal::not_found)?;
        let found = schedule.overrides.get_mut(asked.id(1)).ok_or_else(Refusal::not_found)?;
        if found.end <= asked.now {
            return Err(Refusal::input("Override is over"));
        }
        if found.start < asked.now {
            found.end = asked.now;
            return Ok((StatusCode::OK, Value::Null));
        }
        schedule.overrides.remove(asked.id(1));
        Ok((StatusCode::NO_CONTENT, Value::Null))
    })
}
