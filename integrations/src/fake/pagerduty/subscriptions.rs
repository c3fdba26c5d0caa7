//! The routes of the one webhook subscription.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::PagerDuty;
use super::page::Asked;
use super::push::Subscribed;
use super::refusal::{Answer, Refusal};

/// Its id.
pub(super) const ID: &str = "PWEBHOOK1";

/// What it tells of.
const EVENTS: [&str; 15] = [
    "incident.acknowledged",
    "incident.annotated",
    "incident.delegated",
    "incident.escalated",
    "incident.priority_updated",
    "incident.reassigned",
    "incident.reopened",
    "incident.resolved",
    "incident.responder.added",
    "incident.responder.replied",
    "incident.triggered",
    "incident.unacknowledged",
    "service.created",
    "service.deleted",
    "service.updated",
];

pub(super) fn list(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    asked.of("filter_type", &["account", "service", "team"])?;
    let state = pagerduty.state();
    asked.page("webhook_subscriptions", state.subscription.iter().collect(), subscription_json)
}

pub(super) fn one(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    let told = pagerduty.state().subscription.as_ref().filter(|_| asked.id(0) == ID).map(subscription_json);
    Ok((StatusCode::OK, json!({ "webhook_subscription": told.ok_or_else(Refusal::not_found)? })))
}

/// The secret is told once only, when the subscription is made.
fn subscription_json(it: &Subscribed) -> Value {
    json!({
        "id": ID, "type": "webhook_subscription", "active": true, "description": "PinConsole",
        "events": EVENTS,
        "filter": { "id": null, "type": "account_reference" },
        "delivery_method": {
            "id": "PDELIVERY1", "type": "http_delivery_method", "url": it.url, "secret": null,
            "temporarily_disabled": it.disabled, "custom_headers": [],
        },
    })
}

pub(super) fn ping(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    one(pagerduty, asked)?;
    pagerduty.push_ping(asked.now);
    Ok((StatusCode::ACCEPTED, Value::Null))
}

pub(super) fn enable(pagerduty: &PagerDuty, asked: &Asked) -> Answer {
    one(pagerduty, asked)?;
    pagerduty.tell(|state| state.subscription.iter_mut().for_each(Subscribed::enable));
    one(pagerduty, asked)
}
