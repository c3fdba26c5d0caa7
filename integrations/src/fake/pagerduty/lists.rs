//! The routes that list what an account has.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::PagerDuty;
use super::company::{Level, PagerPolicy, PagerPriority, PagerSchedule, PagerService, PagerUser, Shift};
use super::incident::{reference, time, whole};
use super::page::Asked;
use super::refusal::{Answer, Refusal};
use super::state::State;
use crate::pagerduty::Status;

/// <https://developer.pagerduty.com/api-reference/>
const LONGEST: TimeDelta = TimeDelta::days(90);

pub(super) fn users(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let query = asked.value("query").unwrap_or_default().to_lowercase();
    let state = pagerduty.state();
    let found = state.users.values().filter(|it| format!("{} {}", it.name, it.email).to_lowercase().contains(&query));
    asked.page("users", found.collect(), user_json)
}

pub(super) fn user(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let found = pagerduty.state().users.get(asked.id(0)).map(user_json).ok_or_else(Refusal::not_found)?;
    Ok((StatusCode::OK, json!({ "user": found })))
}

fn user_json(it: &PagerUser) -> Value {
    let more = json!({ "email": it.email, "time_zone": it.time_zone, "role": "user", "job_title": null,
        "description": null, "invitation_sent": false, "teams": [], "contact_methods": [], "notification_rules": [] });
    whole("user", &it.id, &it.name, more)
}

pub(super) fn priorities(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let state = pagerduty.state();
    let told = |it: &PagerPriority| whole("priority", &it.id, &it.name, json!({ "description": "" }));
    asked.page("priorities", state.priorities.iter().collect(), told)
}

pub(super) fn services(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let state = pagerduty.state();
    let found = state.services.values().filter(|it| matches(asked, &it.name));
    asked.page("services", found.collect(), |it| service_json(&state, it))
}

/// Whether a name is searched for, or is the one that is wanted.
fn matches(asked: &Asked, name: &str) -> bool {
    let query = asked.value("query").unwrap_or_default().to_lowercase();
    name.to_lowercase().contains(&query) && asked.value("name").is_none_or(|it| it == name)
}

fn service_json(state: &State, it: &PagerService) -> Value {
    let open = |status: Status| state.incidents.values().any(|open| open.service == it.id && open.status == status);
    let status = match (open(Status::Triggered), open(Status::Acknowledged)) {
        (true, _) => "critical",
        (false, true) => "warning",
        (false, false) => "active",
    };
    let more = json!({ "status": status, "escalation_policy": state.policy_reference(&it.policy), "teams": [],
        "description": null, "integrations": [], "auto_resolve_timeout": null, "acknowledgement_timeout": 1800,
        "alert_creation": "create_alerts_and_incidents" });
    whole("service", &it.id, &it.name, more)
}

pub(super) fn policies(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let state = pagerduty.state();
    let found = state.policies.values().filter(|it| matches(asked, &it.name));
    asked.page("escalation_policies", found.collect(), |it| policy_json(&state, it))
}

fn policy_json(state: &State, it: &PagerPolicy) -> Value {
    let rule = |(index, level): (usize, &Level)| {
        let users = level.users.iter().map(|id| state.user_reference(id));
        let targets: Vec<Value> = users.chain(level.schedules.iter().map(|id| schedule_reference(state, id))).collect();
        json!({ "id": format!("{}-{}", it.id, index + 1), "escalation_delay_in_minutes": level.minutes, "targets": targets })
    };
    let services = state.services.values().filter(|service| service.policy == it.id);
    let more = json!({
        "num_loops": 0, "on_call_handoff_notifications": "if_has_services", "teams": [], "description": null,
        "escalation_rules": it.levels.iter().enumerate().map(rule).collect::<Vec<_>>(),
        "services": services.map(|it| state.service_reference(&it.id)).collect::<Vec<_>>(),
    });
    whole("escalation_policy", &it.id, &it.name, more)
}

fn schedule_reference(state: &State, id: &str) -> Value {
    reference("schedule", id, state.schedules.get(id).map_or("", |it| &it.name))
}

pub(super) fn schedules(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let state = pagerduty.state();
    let found = state.schedules.values().filter(|it| matches(asked, &it.name));
    asked.page("schedules", found.collect(), |it| schedule_json(&state, it))
}

pub(super) fn schedule(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let (since, until) = (asked.time("since")?.unwrap_or(asked.now), asked.time("until")?.unwrap_or(asked.now));
    let state = pagerduty.state();
    let found = state.schedules.get(asked.id(0)).ok_or_else(Refusal::not_found)?;
    let entry = |it: Shift| {
        let (start, end) = (it.start.max(since), it.end.min(until));
        json!({ "start": time(start), "end": time(end), "user": state.user_reference(&it.user) })
    };
    let entries: Vec<Value> = found.turns(since, until).into_iter().map(entry).collect();
    let mut told = schedule_json(&state, found);
    told["final_schedule"] = json!({ "name": "Final Schedule", "rendered_schedule_entries": entries });
    Ok((StatusCode::OK, json!({ "schedule": told })))
}

fn schedule_json(state: &State, it: &PagerSchedule) -> Value {
    let in_rotation = it.rotation.iter().flat_map(|it| &it.users);
    let mut users: Vec<&String> = in_rotation.chain(it.shifts.iter().map(|it| &it.user)).collect();
    users.sort();
    users.dedup();
    let by =
        state.policies.values().filter(|policy| policy.levels.iter().any(|level| level.schedules.contains(&it.id)));
    let more = json!({
        "time_zone": it.time_zone, "description": null, "teams": [],
        "users": users.iter().map(|id| state.user_reference(id)).collect::<Vec<_>>(),
        "escalation_policies": by.map(|it| state.policy_reference(&it.id)).collect::<Vec<_>>(),
    });
    whole("schedule", &it.id, &it.name, more)
}

pub(super) fn oncalls(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let (since, until) = (asked.time("since")?.unwrap_or(asked.now), asked.time("until")?.unwrap_or(asked.now));
    if until < since || until - since > LONGEST {
        return Err(Refusal::input("since and until may be 90 days apart"));
    }
    let state = pagerduty.state();
    let mut told = Vec::new();
    for policy in state.policies.values().filter(|it| asked.wants("escalation_policy_ids[]", &it.id)) {
        for (index, level) in policy.levels.iter().enumerate() {
            let turns = turns(&state, level, asked, (since, until));
            told.extend(turns.into_iter().filter(|it| asked.wants("user_ids[]", &it.0)).map(|(user, turn)| {
                let mut told = turn;
                told["user"] = state.user_reference(&user);
                told["escalation_policy"] = state.policy_reference(&policy.id);
                told["escalation_level"] = (index + 1).into();
                told
            }));
        }
    }
    asked.page("oncalls", told, |it| it)
}

/// Whose turns a level has, and when.
fn turns(
    state: &State,
    level: &Level,
    asked: &Asked,
    window: (chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>),
) -> Vec<(String, Value)> {
    let always = level.users.iter().filter(|_| asked.value("schedule_ids[]").is_none());
    let mut all: Vec<_> =
        always.map(|it| (it.clone(), json!({ "schedule": null, "start": null, "end": null }))).collect();
    let schedules = level.schedules.iter().filter_map(|it| state.schedules.get(it));
    for schedule in schedules.filter(|it| asked.wants("schedule_ids[]", &it.id)) {
        let named = schedule_reference(state, &schedule.id);
        let turns = schedule.turns(window.0, window.1).into_iter();
        all.extend(
            turns.map(|it| (it.user, json!({ "schedule": named, "start": time(it.start), "end": time(it.end) }))),
        );
    }
    all
}
