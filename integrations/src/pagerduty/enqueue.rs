use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Value, json};

use super::client::{json, unclear, verdict};
use super::{Client, PagerDutyError};
use crate::wire;

/// In characters. <https://developer.pagerduty.com/docs/events-api-v2-overview>
const LONGEST_SUMMARY: usize = 1024;

/// In characters.
const LONGEST_KEY: usize = 255;

/// Such answers are a line.
const LONGEST_ANSWER: usize = 64 << 10;

/// What is said of an alert.
#[derive(Clone, Debug, PartialEq)]
pub enum Alert<'a> {
    /// It begins, or goes on.
    Trigger(&'a Payload),
    /// Somebody took it.
    Acknowledge,
    /// It is over.
    Resolve,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Payload {
    /// In a sentence.
    pub summary: String,
    /// With what.
    pub source: String,
    /// How bad.
    pub severity: Severity,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<DateTime<Utc>>,
    /// Whatever else helps.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub custom_details: Value,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Everything is broken.
    Critical,
    /// Something is broken.
    Error,
    /// Something may break.
    Warning,
    /// Nothing is broken.
    Info,
}

impl Client {
    /// Tells of an alert by the key of a service's integration. Saying it again under the same dedup key changes
    /// nothing, so whatever was unclear may be said again.
    pub async fn enqueue(
        &self,
        routing_key: &SecretString,
        dedup_key: &str,
        alert: &Alert<'_>,
    ) -> Result<(), PagerDutyError> {
        let dedup_key: String = dedup_key.chars().take(LONGEST_KEY).collect();
        let (action, payload) = match alert {
            Alert::Trigger(it) => ("trigger", Some(shortened(it))),
            Alert::Acknowledge => ("acknowledge", None),
            Alert::Resolve => ("resolve", None),
        };
        let mut body =
            json!({ "routing_key": routing_key.expose_secret(), "event_action": action, "dedup_key": dedup_key });
        if let Some(payload) = payload {
            body["payload"] = json!(payload);
        }
        self.send(&body).await
    }

    async fn send(&self, body: &Value) -> Result<(), PagerDutyError> {
        let url = self.events(&["v2", "enqueue"]).ok_or_else(|| PagerDutyError::Passing("no address".into()))?;
        let answer = wire::send(self.http.post(url).json(body), LONGEST_ANSWER).await.map_err(unclear)?;
        let answer = verdict(answer)?;
        let taken = json(&answer).is_some_and(|it| it.get("status").and_then(Value::as_str) == Some("success"));
        taken.then_some(()).ok_or_else(|| PagerDutyError::Unclear("an answer without its status".into()))
    }
}

fn shortened(payload: &Payload) -> Payload {
    let summary = payload.summary.chars().take(LONGEST_SUMMARY).collect();
    Payload { summary, ..payload.clone() }
}
