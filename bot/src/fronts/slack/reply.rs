use std::collections::HashMap;

use cards::slack::Extras;
use cards::{Reader, Text};
use chrono::Utc;
use chrono_tz::Tz;
use console::mentions;
use domain::account::Platform;
use serde_json::{Value, json};

use super::Front;
use crate::Answer;

/// How an answer is shown in Slack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manner {
    /// To the asker alone.
    Alone,
    /// To the asker alone, in place of what they pressed.
    InPlace,
    /// To everybody in the channel, with who shared it.
    Shared {
        /// Slack's id of who shared it.
        by: String,
        /// What they asked.
        command: String,
    },
}

impl Front {
    /// The message that shows an answer. <https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses>
    pub(super) async fn message(&self, answer: &Answer, manner: &Manner) -> Value {
        let home = self.home().await.unwrap_or_default().to_string();
        let found = mentions::of(&self.parts().ctx, &answer.card, Platform::Slack, &home).await;
        // Without the database people are named instead of mentioned; the answer matters more.
        let mut accounts: HashMap<String, String> = found.unwrap_or_default();
        let (kind, replace, extras) = match manner {
            Manner::Alone => ("ephemeral", false, alone(answer)),
            Manner::InPlace => ("ephemeral", true, alone(answer)),
            Manner::Shared { by, command } => {
                accounts.insert(SHARER.into(), by.clone());
                ("in_channel", false, shared(command))
            }
        };
        let reader = Reader { public: &self.parts().public, mentions: &accounts, zone: Tz::UTC, now: Utc::now() };
        let message = cards::slack::message(&answer.card, &reader, &extras);
        json!({
            "response_type": kind,
            "replace_original": replace,
            "text": message.text,
            "blocks": message.blocks,
            "unfurl_links": false,
            "unfurl_media": false,
        })
    }
}

/// Under which name the sharer is mentioned; no entity can have it.
const SHARER: &str = "shared by";

fn alone(answer: &Answer) -> Extras {
    Extras { share: answer.share.clone(), context: None }
}

fn shared(command: &str) -> Extras {
    let by = Text::plain("Shared by ").then(Text::person(SHARER, "somebody")).then(" · ");
    Extras { share: None, context: Some(by.then(Text::code(format!("/pin {command}")))) }
}
