//! What the app posts by itself, and changes later.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::methods::{Answer, Arguments};
use super::state::State;
use super::{APP, Entry, Kind, Slack, Visibility, blocks};

/// <https://docs.slack.dev/apis/web-api/rate-limits/>
const PACE: TimeDelta = TimeDelta::seconds(1);

pub(super) fn post(slack: &Slack, arguments: &Arguments<'_>) -> Answer {
    slack.tell(|state| {
        let channel = &state.called(arguments.text("channel"));
        let with = state.room(channel)?.with.clone();
        let message = message(arguments)?;
        if state.paced && state.spoke(channel).is_some_and(|it| arguments.now - it < PACE) {
            return Err("ratelimited".into());
        }
        let thread = arguments.text("thread_ts");
        if !thread.is_empty() && state.transcript.posted(channel, thread).is_none() {
            return Err("thread_not_found".into());
        }
        let exchange = state.transcript.number();
        let posted = state.transcript.add(Entry {
            id: 0,
            exchange,
            who: APP.into(),
            channel: channel.clone(),
            visibility: with.map_or(Visibility::InChannel, |to| Visibility::Direct { to }),
            kind: Kind::message(message.clone()),
            at: arguments.now,
        });
        let ts = state.transcript.entry(posted).map(|it| it.ts()).ok_or("internal_error")?;
        Ok(json!({ "channel": channel, "ts": ts, "message": message }))
    })
}

pub(super) fn update(slack: &Slack, arguments: &Arguments<'_>) -> Answer {
    slack.tell(|state| {
        let (channel, ts) = (arguments.text("channel"), arguments.text("ts"));
        state.room(channel)?;
        let message = message(arguments)?;
        let entry = state.transcript.posted(channel, ts).ok_or("message_not_found")?;
        let Kind::Message { json, replaced, .. } = &mut entry.kind else { return Err("message_not_found".into()) };
        if entry.who != APP {
            return Err("cant_update_message".into());
        }
        // What is not named again is kept.
        let kept = ["metadata", "thread_ts"].into_iter().filter_map(|it| Some((it, json.get(it)?.clone())));
        let mut changed = message.clone();
        kept.for_each(|(name, it)| changed[name] = it);
        *json = changed;
        *replaced += 1;
        Ok(json!({ "channel": channel, "ts": ts, "text": message["text"] }))
    })
}

/// The message that a call describes, as Slack keeps it.
fn message(arguments: &Arguments<'_>) -> Result<Value, String> {
    let blocks = match arguments.text("blocks") {
        "" => json!([]),
        _ => arguments.json("blocks").ok_or("invalid_blocks_format")?,
    };
    let mut message = json!({ "text": arguments.text("text"), "blocks": blocks });
    // Where something is wrong comes in other fields, which no program should read.
    blocks::check(&message).map_err(|it| it.split(':').next().unwrap_or_default().to_string())?;
    if !arguments.text("metadata").is_empty() {
        let metadata = arguments.json("metadata").ok_or("invalid_metadata_format")?;
        if !metadata["event_type"].is_string() || !metadata["event_payload"].is_object() {
            return Err("invalid_metadata_format".into());
        }
        message["metadata"] = metadata;
    }
    if !arguments.text("thread_ts").is_empty() {
        message["thread_ts"] = arguments.text("thread_ts").into();
    }
    Ok(message)
}

impl State {
    /// When the app last spoke in a channel.
    fn spoke(&self, channel: &str) -> Option<chrono::DateTime<chrono::Utc>> {
        let mut all = self.transcript.entries().rev();
        all.find(|it| it.channel == channel && it.who == APP && it.message().is_some()).map(|it| it.at)
    }
}

impl Slack {
    /// What the app posted in a channel and is still there, oldest first.
    pub fn posted(&self, channel: &str) -> Vec<Entry> {
        let state = self.state();
        let own = state.transcript.entries().filter(|it| it.channel == channel && it.who == APP);
        own.filter(|it| it.message().is_some()).cloned().collect()
    }

    /// Takes a message away, as people may.
    pub fn delete(&self, id: u64) {
        self.tell(|state| {
            if let Some(Entry { kind: Kind::Message { deleted, .. }, .. }) = state.transcript.entry(id) {
                *deleted = true;
            }
        });
    }
}
