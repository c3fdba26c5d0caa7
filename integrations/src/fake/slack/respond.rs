//! Response URLs and what is posted to them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::state::State as Inner;
use super::{APP, Entry, Kind, SLACKBOT, Slack, Visibility, blocks};

/// <https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses>
const USES: u32 = 5;

/// <https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses>
const LIFE: TimeDelta = TimeDelta::minutes(30);

/// A response URL that was given out.
#[derive(Clone, Debug)]
pub(super) struct ResponseAddress {
    issued: DateTime<Utc>,
    uses: u32,
    /// Whether it came with a press.
    pub(super) press: bool,
    /// The command or press that it came with.
    pub(super) exchange: u64,
    /// Who typed or pressed.
    pub(super) user: String,
    /// Where.
    pub(super) channel: String,
    /// The message that was pressed, or the last that answered.
    pub(super) original: Option<u64>,
}

impl ResponseAddress {
    pub(super) fn new(exchange: u64, user: &str, channel: &str, original: Option<u64>, issued: DateTime<Utc>) -> Self {
        Self {
            issued,
            uses: 0,
            press: original.is_some(),
            exchange,
            user: user.into(),
            channel: channel.into(),
            original,
        }
    }

    /// Uses it up by one, unless it no longer works.
    fn spend(&mut self, now: DateTime<Utc>) -> Result<(), &'static str> {
        if now - self.issued > LIFE {
            return Err("expired_url");
        }
        if self.uses == USES {
            return Err("used_url");
        }
        self.uses += 1;
        Ok(())
    }
}

impl Slack {
    /// Gives out a response URL.
    pub(super) fn issue(&self, address: ResponseAddress) -> String {
        let id = Uuid::new_v4().simple().to_string();
        let mut state = self.state();
        state.responses.retain(|_, it| address.issued - it.issued <= LIFE * 2);
        state.responses.insert(id.clone(), address);
        format!("{}/response/{id}", self.base)
    }

    /// Lets time pass for all response URLs given out so far.
    pub fn age_response_urls(&self, by: TimeDelta) {
        self.state().responses.values_mut().for_each(|it| it.issued -= by);
    }
}

pub(super) async fn respond(State(slack): State<Slack>, Path(id): Path<String>, body: Bytes) -> Response {
    let now = Utc::now();
    if let Some(fault) = slack.called("response", &[], now)
        && let Some(answer) = fault.happen().await
    {
        return answer;
    }
    let posted = slack.tell(|state| {
        let address = state.responses.get_mut(&id).ok_or((StatusCode::NOT_FOUND, "invalid_url".to_string()))?;
        address.spend(now).map_err(|code| (StatusCode::NOT_FOUND, code.to_string()))?;
        let message = serde_json::from_slice(&body).map_err(|_| (StatusCode::BAD_REQUEST, "invalid_payload".into()))?;
        state.post(&id, message, now).map_err(|code| (StatusCode::BAD_REQUEST, code))
    });
    match posted {
        Ok(_) => "ok".into_response(),
        Err((status, error)) => {
            let (code, detail) = error.split_once(": ").unwrap_or((&error, ""));
            (status, Json(json!({ "ok": false, "error": code, "detail": detail }))).into_response()
        }
    }
}

impl Inner {
    /// Takes a message that came to a response URL, or as the answer to the request that brought it.
    pub(super) fn post(&mut self, id: &str, message: Value, now: DateTime<Utc>) -> Result<Option<u64>, String> {
        let address = self.responses.get(id).cloned().ok_or("invalid_url")?;
        let said = |name: &str| message.get(name).and_then(Value::as_bool).unwrap_or_default();
        if said("delete_original") {
            self.replace(&address, None);
            return Ok(address.original);
        }
        blocks::check(&message)?;
        if said("replace_original") && self.replace(&address, Some(&message)) {
            return Ok(address.original);
        }
        let public = message.get("response_type").and_then(Value::as_str) == Some("in_channel");
        if public {
            // With a public answer Slack also shows what was typed.
            self.transcript
                .of(address.exchange)
                .filter(|it| matches!(it.kind, Kind::Typed(_)))
                .for_each(|it| it.visibility = Visibility::InChannel);
        }
        let to = address.user.clone();
        let posted = self.transcript.add(Entry {
            id: 0,
            exchange: address.exchange,
            who: APP.into(),
            channel: address.channel,
            visibility: if public { Visibility::InChannel } else { Visibility::Ephemeral { to } },
            kind: Kind::message(message),
            at: now,
        });
        // What a command was answered with is what a later answer replaces; after a press it is the pressed message.
        if let Some(it) = self.responses.get_mut(id) {
            it.original.get_or_insert(posted);
        }
        Ok(Some(posted))
    }

    /// Replaces the original message, or takes it away; says whether there was one.
    fn replace(&mut self, address: &ResponseAddress, by: Option<&Value>) -> bool {
        let Some(entry) = address.original.and_then(|it| self.transcript.entry(it)) else { return false };
        let Kind::Message { json, replaced, deleted } = &mut entry.kind else { return false };
        match by {
            Some(message) => {
                *json = message.clone();
                *replaced += 1;
            }
            None => *deleted = true,
        }
        entry.exchange = address.exchange;
        true
    }

    /// Slack's own bot tells a user something.
    pub(super) fn notice(&mut self, address: &ResponseAddress, words: &str, now: DateTime<Utc>) -> u64 {
        self.transcript.add(Entry {
            id: 0,
            exchange: address.exchange,
            who: SLACKBOT.into(),
            channel: address.channel.clone(),
            visibility: Visibility::Ephemeral { to: address.user.clone() },
            kind: Kind::message(json!({ "text": words })),
            at: now,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_works_five_times_within_half_an_hour() {
        let issued = DateTime::UNIX_EPOCH;
        let mut address = ResponseAddress::new(1, "U1", "C1", None, issued);
        for _ in 0..USES {
            assert_eq!(address.spend(issued + LIFE), Ok(()));
        }
        assert_eq!(address.spend(issued), Err("used_url"));
        let mut fresh = ResponseAddress::new(1, "U1", "C1", None, issued);
        assert_eq!(fresh.spend(issued + LIFE + TimeDelta::seconds(1)), Err("expired_url"));
    }
}
