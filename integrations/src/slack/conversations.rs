use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::chat::EVENT;
use super::client::read;
use super::profile::User;
use super::{Client, Profile, SlackError};

/// Messages of one page. <https://docs.slack.dev/reference/methods/conversations.history/>
const PAGE: &str = "200";

/// Pages of one look at the most: a busy channel has fewer messages in the minutes that are looked at.
const PAGES: usize = 25;

#[derive(Deserialize)]
struct Page {
    messages: Vec<Message>,
    response_metadata: Option<Next>,
}

#[derive(Deserialize)]
struct Next {
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    ts: String,
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    event_type: Option<String>,
    event_payload: Option<Value>,
}

impl Message {
    fn is(&self, id: &str) -> bool {
        self.metadata.as_ref().is_some_and(|it| {
            let named = it.event_payload.as_ref().and_then(|it| it.get("id")).and_then(Value::as_str);
            it.event_type.as_deref() == Some(EVENT) && named == Some(id)
        })
    }
}

impl Client {
    /// Opens the direct message with a user, whose id it gives.
    /// <https://docs.slack.dev/reference/methods/conversations.open/>
    pub async fn open(&self, user: &str) -> Result<String, SlackError> {
        #[derive(Deserialize)]
        struct Opened {
            channel: Channel,
        }
        #[derive(Deserialize)]
        struct Channel {
            id: String,
        }
        let answer = self.call("conversations.open", &[("users", user)]).await?;
        read(&answer.body).map(|it: Opened| it.channel.id)
    }

    /// The ids in a channel of all messages with our own id, the oldest first; of a thread, where one is given.
    ///
    /// <https://docs.slack.dev/reference/methods/conversations.history/>
    /// <https://docs.slack.dev/reference/methods/conversations.replies/>
    pub async fn find(
        &self,
        channel: &str,
        thread: Option<&str>,
        id: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<String>, SlackError> {
        let oldest = format!("{}.{:06}", since.timestamp(), since.timestamp_subsec_micros());
        let (mut found, mut cursor) = (Vec::new(), String::new());
        for _ in 0..PAGES {
            let mut form = vec![("channel", channel), ("oldest", &oldest), ("limit", PAGE)];
            form.push(("include_all_metadata", "true"));
            if !cursor.is_empty() {
                form.push(("cursor", &cursor));
            }
            let answer = match thread {
                None => self.call("conversations.history", &form).await?,
                Some(ts) => {
                    form.push(("ts", ts));
                    self.call("conversations.replies", &form).await?
                }
            };
            let page: Page = read(&answer.body)?;
            found.extend(page.messages.into_iter().filter(|it| it.is(id)).map(|it| it.ts));
            cursor = page.response_metadata.and_then(|it| it.next_cursor).unwrap_or_default();
            if cursor.is_empty() {
                found.sort_unstable();
                return Ok(found);
            }
        }
        Err(SlackError::Away("the channel has more messages than can be looked through".into()))
    }

    /// The user with this address, as seen from the workspace `home`; none if nobody has it.
    /// <https://docs.slack.dev/reference/methods/users.lookupByEmail/>
    pub async fn with_email(&self, email: &str, home: &str) -> Result<Option<Profile>, SlackError> {
        #[derive(Deserialize)]
        struct Found {
            user: User,
        }
        match self.call("users.lookupByEmail", &[("email", email)]).await {
            Ok(answer) => read(&answer.body).map(|it: Found| Some(it.user.seen_from(home))),
            Err(SlackError::Refused(code)) if code == "users_not_found" => Ok(None),
            Err(error) => Err(error),
        }
    }
}
