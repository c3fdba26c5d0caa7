//! Channels and direct messages, and what can be read of them.

use serde_json::{Value, json};

use super::methods::{Answer, Arguments};
use super::state::State;
use super::{APP, Entry, Slack};

/// A channel, or the direct message of the app with somebody.
#[derive(Clone, Debug)]
pub struct SlackChannel {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether the app is in it.
    pub joined: bool,
    /// Whether it is archived.
    pub archived: bool,
    /// Whether only its members know of it.
    pub private: bool,
    /// With whom, if it is a direct message.
    pub with: Option<String>,
}

impl SlackChannel {
    /// A public channel that the app is in.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), joined: true, archived: false, private: false, with: None }
    }

    fn direct(user: &str) -> Self {
        let id = format!("D{}", user.get(1..).unwrap_or_default());
        Self { with: Some(user.into()), ..Self::new(id, format!("direct message with {user}")) }
    }

    /// The scope that reads it.
    fn history(&self) -> &'static str {
        match (&self.with, self.private) {
            (Some(_), _) => "im:history",
            (None, true) => "groups:history",
            (None, false) => "channels:history",
        }
    }
}

impl State {
    /// A channel in which the app may act.
    pub(super) fn room(&self, id: &str) -> Result<&SlackChannel, &'static str> {
        let room = self.channels.get(id).ok_or("channel_not_found")?;
        match (room.joined, room.private, room.archived) {
            (false, true, _) => Err("channel_not_found"),
            (_, _, true) => Err("is_archived"),
            (false, false, false) => Err("not_in_channel"),
            (true, _, false) => Ok(room),
        }
    }

    /// The id of a channel that may be called by its name, as only posting takes it.
    pub(super) fn called(&self, channel: &str) -> String {
        let named = channel.strip_prefix('#').and_then(|name| self.channels.values().find(|it| it.name == name));
        named.map_or_else(|| channel.into(), |it| it.id.clone())
    }

    fn readable(&self, id: &str) -> Result<(), &'static str> {
        let scope = self.room(id)?.history();
        if self.scopes.iter().any(|it| it == scope) { Ok(()) } else { Err("missing_scope") }
    }
}

/// Opens the direct message with one user.
pub(super) fn open(slack: &Slack, arguments: &Arguments<'_>) -> Answer {
    let user = arguments.text("users");
    let mut state = slack.state();
    let member = state.members.get(user).ok_or("user_not_found")?;
    match (member.deleted, member.bot) {
        (true, _) => return Err("user_disabled".into()),
        (_, true) => return Err("cannot_dm_bot".into()),
        (false, false) => {}
    }
    let room = SlackChannel::direct(user);
    let id = room.id.clone();
    state.channels.entry(id.clone()).or_insert(room);
    Ok(json!({ "channel": { "id": id } }))
}

/// Newest first, without the answers in threads.
pub(super) fn history(slack: &Slack, arguments: &Arguments<'_>) -> Answer {
    let channel = arguments.text("channel");
    let state = slack.state();
    state.readable(channel)?;
    let all = state.transcript.entries().rev().filter(|it| it.channel == channel);
    page(all.filter(|it| it.message().is_some_and(|it| it.get("thread_ts").is_none())), arguments)
}

/// Oldest first, beginning with what is answered.
pub(super) fn replies(slack: &Slack, arguments: &Arguments<'_>) -> Answer {
    let (channel, thread) = (arguments.text("channel"), arguments.text("ts"));
    let mut state = slack.state();
    state.readable(channel)?;
    state.transcript.posted(channel, thread).ok_or("thread_not_found")?;
    let answers = |it: &&Entry| it.message().is_some_and(|message| it.ts() == thread || message["thread_ts"] == thread);
    page(state.transcript.entries().filter(|it| it.channel == channel).filter(answers), arguments)
}

/// What comes after the cursor, which is how many were given already.
fn page<'a>(all: impl Iterator<Item = &'a Entry>, arguments: &Arguments<'_>) -> Answer {
    let limit: usize = arguments.text("limit").parse().unwrap_or(100);
    let given: usize = arguments.text("cursor").parse().unwrap_or_default();
    let newer = |it: &&Entry| it.who == APP && seconds(&it.ts()) > seconds(arguments.text("oldest"));
    let mut rest = all.filter(newer).skip(given);
    let with = arguments.text("include_all_metadata") == "true";
    let messages: Vec<Value> = rest.by_ref().take(limit).filter_map(|it| message(it, with)).collect();
    let next = rest.next().map_or(String::new(), |_| (given + messages.len()).to_string());
    Ok(json!({ "messages": messages, "has_more": !next.is_empty(), "response_metadata": { "next_cursor": next } }))
}

fn message(entry: &Entry, with_metadata: bool) -> Option<Value> {
    let mut message = entry.message()?.clone();
    message["type"] = "message".into();
    message["ts"] = entry.ts().into();
    message["user"] = APP.into();
    if let Some(fields) = message.as_object_mut().filter(|_| !with_metadata) {
        fields.remove("metadata");
    }
    Some(message)
}

fn seconds(ts: &str) -> (i64, u64) {
    let (whole, part) = ts.split_once('.').unwrap_or((ts, "0"));
    (whole.parse().unwrap_or_default(), part.parse().unwrap_or_default())
}
