//! People who type and press.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::respond::ResponseAddress;
use super::state::State;
use super::{APP, CHANNEL, Entry, Exchange, Kind, SignedRequest, Slack, TEAM, Visibility};

const FORM: &str = "application/x-www-form-urlencoded";

impl Slack {
    /// A user types a command in the channel.
    pub async fn command(&self, user: &str, typed: &str) -> Exchange {
        let request = self.typed(user, typed);
        self.deliver(&request).await
    }

    /// The request of a typed command, not sent yet.
    /// <https://docs.slack.dev/interactivity/implementing-slash-commands/>
    pub fn typed(&self, user: &str, typed: &str) -> SignedRequest {
        let now = Utc::now();
        let exchange = self.tell(|state| state.type_words(user, typed, now));
        let response = self.issue(ResponseAddress::new(exchange, user, CHANNEL, None, now));
        let (command, text) = typed.split_once(' ').unwrap_or((typed, ""));
        let trigger = self.state().modals.trigger(user, now);
        let user_name = user.to_lowercase();
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", "unused")
            .append_pair("team_id", TEAM)
            .append_pair("team_domain", "pin")
            .append_pair("channel_id", CHANNEL)
            .append_pair("channel_name", "pinconsole")
            .append_pair("user_id", user)
            .append_pair("user_name", &user_name)
            .append_pair("command", command)
            .append_pair("text", text)
            .append_pair("api_app_id", "A0PIN")
            .append_pair("is_enterprise_install", "false")
            .append_pair("response_url", &response)
            .append_pair("trigger_id", &trigger)
            .finish();
        self.signed("/slack/commands", FORM, body, exchange, &response)
    }

    /// A user presses a button of a message.
    pub async fn press(&self, user: &str, message: u64, action_id: &str) -> Option<Exchange> {
        let request = self.pressed(user, message, action_id)?;
        Some(self.deliver(&request).await)
    }

    /// The request of a press, not sent yet; none if the user sees no such button.
    /// <https://docs.slack.dev/reference/interaction-payloads/block_actions-payload/>
    pub fn pressed(&self, user: &str, message: u64, action_id: &str) -> Option<SignedRequest> {
        let now = Utc::now();
        let entry = self.state().transcript.entry(message).filter(|it| it.seen_by(user)).cloned()?;
        let (block, button) = button(entry.message()?, action_id)?;
        let exchange = self.tell(|state| state.press_button(user, &entry, action_id, now));
        let response = self.issue(ResponseAddress::new(exchange, user, &entry.channel, Some(message), now));
        let ephemeral = matches!(entry.visibility, Visibility::Ephemeral { .. });
        let trigger = self.state().modals.trigger(user, now);
        let mut action = json!({
            "type": "button", "action_id": action_id, "block_id": block, "text": button["text"],
            "action_ts": format!("{}.000000", now.timestamp()),
        });
        if let Some(value) = button.get("value") {
            action["value"] = value.clone();
        }
        let mut payload = json!({
            "type": "block_actions", "api_app_id": "A0PIN", "token": "unused", "trigger_id": trigger,
            "user": { "id": user, "username": user.to_lowercase(), "team_id": TEAM },
            "team": { "id": TEAM, "domain": "pin" }, "enterprise": null, "is_enterprise_install": false,
            "channel": { "id": entry.channel, "name": "pinconsole" }, "state": { "values": {} }, "response_url": response,
            "container": {
                "type": "message", "message_ts": entry.ts(), "channel_id": entry.channel, "is_ephemeral": ephemeral,
            },
            "actions": [action],
        });
        // Of a message that only one user sees, Slack keeps no copy to send along.
        if let Some(message) = entry.message().filter(|_| !ephemeral) {
            payload["message"] = message.clone();
            payload["message"]["ts"] = entry.ts().into();
            payload["message"]["user"] = APP.into();
        }
        let payload = payload.to_string();
        let body = form_urlencoded::Serializer::new(String::new()).append_pair("payload", &payload).finish();
        Some(self.signed("/slack/interactions", FORM, body, exchange, &response))
    }

    /// A user says something that is no command; nobody hears it but people.
    pub fn say(&self, user: &str, words: &str) {
        let now = Utc::now();
        self.tell(|state| {
            let exchange = state.type_words(user, words, now);
            state.transcript.of(exchange).for_each(|it| it.visibility = Visibility::InChannel);
            let address = ResponseAddress::new(exchange, user, CHANNEL, None, now);
            state.notice(&address, "PinConsole answers commands only: try `/pin help`.", now);
        });
    }

    pub(super) fn signed(
        &self,
        path: &str,
        content_type: &'static str,
        body: String,
        exchange: u64,
        response: &str,
    ) -> SignedRequest {
        let state = self.state();
        let app = state.app.as_ref().expect("`Slack::app` says first where the app listens");
        let request = SignedRequest::new(app, path, content_type, Utc::now(), body.into_bytes());
        let response = response.rsplit('/').next().filter(|it| !it.is_empty()).map(String::from);
        SignedRequest { exchange, response, ..request }
    }
}

impl State {
    fn type_words(&mut self, user: &str, words: &str, at: DateTime<Utc>) -> u64 {
        self.enter(user, CHANNEL, Kind::Typed(words.into()), at)
    }

    fn press_button(&mut self, user: &str, entry: &Entry, action_id: &str, at: DateTime<Utc>) -> u64 {
        self.enter(user, &entry.channel, Kind::Pressed { message: entry.id, action_id: action_id.into() }, at)
    }

    /// Records what a user did, at first seen by nobody else, and numbers what belongs to it.
    fn enter(&mut self, user: &str, channel: &str, kind: Kind, at: DateTime<Utc>) -> u64 {
        let exchange = self.transcript.number();
        let visibility = Visibility::Ephemeral { to: user.into() };
        self.transcript.add(Entry { id: 0, exchange, who: user.into(), channel: channel.into(), visibility, kind, at });
        exchange
    }

    /// Takes the app's answer to a request. A press is only acknowledged: Slack ignores what comes with it.
    pub(super) fn take(&mut self, request: &SignedRequest, exchange: &Exchange, now: DateTime<Utc>) {
        if let Some(view) = &request.view {
            return self.take_view(view, exchange);
        }
        let Some(id) = &request.response else { return };
        let Some(address) = self.responses.get(id).cloned() else { return };
        let words = match exchange.status {
            None => Some("failed with the error \"operation_timeout\""),
            Some(200) => None,
            Some(_) => Some("failed with the error \"dispatch_failed\""),
        };
        if let Some(words) = words {
            self.notice(&address, &format!("PinConsole {words}"), now);
            return;
        }
        if address.press || exchange.body.trim().is_empty() {
            return;
        }
        // A bare text is a message of these words.
        let message = serde_json::from_str::<Value>(&exchange.body).ok().filter(Value::is_object);
        if let Err(code) = self.post(id, message.unwrap_or_else(|| json!({ "text": exchange.body })), now) {
            self.notice(&address, &format!("PinConsole failed with the error \"{code}\""), now);
        }
    }
}

/// A button of a message by its name, and the block that it is in.
fn button(message: &Value, action_id: &str) -> Option<(String, Value)> {
    let blocks = message.get("blocks")?.as_array()?;
    blocks.iter().enumerate().find_map(|(index, block)| {
        let elements = block.get("elements").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let named = |it: &&Value| it.get("action_id").and_then(Value::as_str) == Some(action_id);
        let button = elements.iter().chain(block.get("accessory")).find(named)?;
        let block =
            block.get("block_id").and_then(Value::as_str).map_or_else(|| format!("block-{index}"), String::from);
        Some((block, button.clone()))
    })
}
