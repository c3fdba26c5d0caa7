//! The routes that change an incident.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::PagerDuty;
use super::deed::{Agent, Deed};
use super::http::field;
use super::page::Asked;
use super::refusal::{Answer, Refusal};

/// <https://developer.pagerduty.com/api-reference/>
const SNOOZE: std::ops::RangeInclusive<i64> = 1..=604_800;

/// <https://developer.pagerduty.com/api-reference/>
const MAX_NOTES: usize = 2000;

/// What a change may name.
const FIELDS: [&str; 6] = ["type", "status", "assignments", "escalation_policy", "escalation_level", "priority"];

pub(super) fn put(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let wanted = asked.body.get("incident").and_then(Value::as_object);
    let wanted = wanted.ok_or_else(|| Refusal::input("incident must be there"))?;
    if let Some(name) = wanted.keys().find(|it| !FIELDS.contains(&it.as_str())) {
        return Err(Refusal::input(format!("{name} is no field of an incident that can be changed")));
    }
    if !matches!(wanted.get("type").and_then(Value::as_str), Some("incident" | "incident_reference")) {
        return Err(Refusal::input("type must be incident or incident_reference"));
    }
    let deeds =
        wanted.iter().filter_map(|(name, value)| deed(name, value).transpose()).collect::<Result<Vec<_>, _>>()?;
    if deeds.is_empty() {
        return Err(Refusal::input("nothing is to be changed"));
    }
    let race = pagerduty.state().races.pop_front();
    if let Some(happens) = race {
        happens(pagerduty);
    }
    for it in deeds {
        perform(pagerduty, asked, it)?;
    }
    told(pagerduty, asked, StatusCode::OK)
}

fn deed(name: &str, value: &Value) -> Result<Option<Deed>, Refusal> {
    let wrong = || Refusal::input(format!("{name} is not in its form"));
    Ok(Some(match name {
        "status" => match value.as_str() {
            Some("acknowledged") => Deed::Acknowledge,
            Some("resolved") => Deed::Resolve,
            Some("triggered") => Deed::Retrigger,
            _ => return Err(wrong()),
        },
        "assignments" => {
            let ids = value.as_array().ok_or_else(wrong)?.iter().map(|it| id(&it["assignee"], "user"));
            Deed::Reassign(ids.collect::<Option<_>>().ok_or_else(wrong)?)
        }
        "escalation_policy" => Deed::Move(id(value, "escalation_policy").ok_or_else(wrong)?),
        "escalation_level" => Deed::Escalate(value.as_u64().and_then(|it| it.try_into().ok()).ok_or_else(wrong)?),
        "priority" => Deed::Prioritize(id(value, "priority").ok_or_else(wrong)?),
        _ => return Ok(None),
    }))
}

/// The id of something that is, or is referred to as, this.
fn id(value: &Value, type_: &str) -> Option<String> {
    let said = field(value, "type")?;
    let same = said.strip_suffix("_reference").unwrap_or(said) == type_;
    field(value, "id").filter(|_| same).map(String::from)
}

pub(super) fn note(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let content = asked.body.get("note").and_then(|it| field(it, "content")).filter(|it| !it.trim().is_empty());
    let content = content.ok_or_else(|| Refusal::input("note content must be there"))?;
    let full = |state: &super::state::State| state.incidents.get(asked.id(0)).map(|it| it.notes.len() >= MAX_NOTES);
    if full(&pagerduty.state()) == Some(true) {
        return Err(Refusal::input("an incident has at most 2000 notes"));
    }
    perform(pagerduty, asked, Deed::Note(content.into()))?;
    let state = pagerduty.state();
    let note = state.incidents.get(asked.id(0)).and_then(|it| it.notes.last()).cloned();
    Ok((StatusCode::OK, json!({ "note": note })))
}

pub(super) fn snooze(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let seconds = asked.body.get("duration").and_then(Value::as_i64).filter(|it| SNOOZE.contains(it));
    let seconds = seconds.ok_or_else(|| Refusal::input("duration must be between 1 and 604800"))?;
    perform(pagerduty, asked, Deed::Snooze(seconds))?;
    told(pagerduty, asked, StatusCode::CREATED)
}

pub(super) fn ask(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let body = &asked.body;
    let requester = field(body, "requester_id").ok_or_else(|| Refusal::input("requester_id must be there"))?;
    if !pagerduty.state().users.contains_key(requester) {
        return Err(Refusal::stranger());
    }
    let message = field(body, "message").ok_or_else(|| Refusal::input("message must be there"))?;
    let targets = body.get("responder_request_targets").and_then(Value::as_array).map(Vec::as_slice);
    let targets = targets.unwrap_or_default().iter().map(|it| &it["responder_request_target"]);
    let users = targets.map(|it| people(pagerduty, asked, it)).collect::<Option<Vec<_>>>();
    let users =
        users.ok_or_else(|| Refusal::input("responder_request_targets must be users or escalation policies"))?;
    let deed = Deed::Ask(users.into_iter().flatten().collect(), message.into());
    pagerduty.act(|state| state.perform(asked.id(0), deed, Agent::User(requester.into()), asked.now))?;
    Ok((StatusCode::OK, json!({ "responder_request": { "message": message, "responder_request_targets": [] } })))
}

/// Who is meant by a user or a policy.
fn people(pagerduty: &PagerDuty, asked: &Asked, target: &Value) -> Option<Vec<String>> {
    let policy = || id(target, "escalation_policy").map(|it| pagerduty.state().on_level(&it, 1, asked.now));
    id(target, "user").map(|it| vec![it]).or_else(policy)
}

fn perform(pagerduty: &PagerDuty, asked: &Asked, deed: Deed) -> Result<(), Refusal> {
    let agent = Agent::User(asked.from.clone().ok_or_else(Refusal::stranger)?);
    pagerduty.act(|state| state.perform(asked.id(0), deed, agent, asked.now))
}

fn told(pagerduty: &PagerDuty, asked: &Asked, status: StatusCode) -> Answer {
    let state = pagerduty.state();
    let incident = state.incidents.get(asked.id(0)).ok_or_else(Refusal::not_found)?;
    Ok((status, json!({ "incident": state.of_rest(incident) })))
}
