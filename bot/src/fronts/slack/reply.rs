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
        let (accounts, kind, replace, extras) = match manner {
            Manner::Alone => (self.mentioned(answer).await, "ephemeral", false, alone(answer)),
            Manner::InPlace => (self.mentioned(answer).await, "ephemeral", true, alone(answer)),
            // A mention in a channel calls the person; only who shares is there by their own will.
            Manner::Shared { by, command } => {
                (HashMap::from([(SHARER.into(), by.clone())]), "in_channel", false, shared(command))
            }
        };
        let reader = Reader { public: &self.parts().public, mentions: &accounts, zone: Tz::UTC, now: Utc::now() };
        let message = cards::slack::message(&answer.card, &reader, &extras);
        let mut shown = json!({
            "response_type": kind,
            "replace_original": replace,
            "text": message.text,
            "unfurl_links": false,
            "unfurl_media": false,
        });
        // Moved in: the macro would copy every block.
        shown["blocks"] = Value::Array(message.blocks);
        shown
    }

    /// Accounts of the people that an answer names. Whoever cannot be looked up is named instead; the answer matters more.
    async fn mentioned(&self, answer: &Answer) -> HashMap<String, String> {
        if answer.card.people().is_empty() {
            return HashMap::new();
        }
        let Ok(home) = self.home().await else { return HashMap::new() };
        mentions::of(&self.parts().ctx, &answer.card, Platform::Slack, home).await.unwrap_or_default()
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
