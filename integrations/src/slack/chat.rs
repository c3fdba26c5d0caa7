use serde::Deserialize;
use serde_json::{Value, json};

use super::client::read;
use super::{Client, SlackError};

/// Type of the metadata by which our messages are found again. <https://docs.slack.dev/messaging/message-metadata/>
pub(super) const EVENT: &str = "pinconsole_message";

/// A message to be posted.
#[derive(Clone, Copy, Debug)]
pub struct Post<'a> {
    /// Id of the channel or direct message.
    pub channel: &'a str,
    /// The message that it answers.
    pub thread: Option<&'a str>,
    /// Our own id, by which it is found again.
    pub id: &'a str,
    /// What notifications and screen readers say.
    pub text: &'a str,
    /// What is drawn.
    pub blocks: &'a [Value],
}

/// Where a message was posted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Place {
    /// Id of the channel or direct message.
    pub channel: String,
    /// The message's id there.
    pub ts: String,
}

impl Client {
    /// Posts a message. <https://docs.slack.dev/reference/methods/chat.postMessage/>
    pub async fn post(&self, post: &Post<'_>) -> Result<Place, SlackError> {
        let blocks = Value::from(post.blocks).to_string();
        let metadata = json!({ "event_type": EVENT, "event_payload": { "id": post.id } }).to_string();
        let mut form = vec![
            ("channel", post.channel),
            ("text", post.text),
            ("blocks", &blocks),
            ("metadata", &metadata),
            ("unfurl_links", "false"),
            ("unfurl_media", "false"),
        ];
        if let Some(thread) = post.thread {
            form.extend([("thread_ts", thread), ("reply_broadcast", "false")]);
        }
        let answer = self.act("chat.postMessage", &form).await?;
        // It was posted, whatever this says of where.
        read(&answer.body).map_err(|error| SlackError::Unclear(error.to_string()))
    }

    /// Replaces what a posted message shows; its metadata stays. <https://docs.slack.dev/reference/methods/chat.update/>
    pub async fn update(&self, at: &Place, text: &str, blocks: &[Value]) -> Result<(), SlackError> {
        let blocks = Value::from(blocks).to_string();
        let form = [("channel", at.channel.as_str()), ("ts", &at.ts), ("text", text), ("blocks", &blocks)];
        self.act("chat.update", &form).await.map(|_| ())
    }
}
