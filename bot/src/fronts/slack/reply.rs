use std::collections::HashMap;

use cards::slack::{Extras, Message};
use cards::{Reader, Text};
use chrono_tz::Tz;
use console::mentions;
use domain::account::Platform;
use serde::Serialize;

use super::Front;
use crate::Answer;
use crate::tell::Drawn;

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

/// A message as an answer. <https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses>
#[derive(Serialize)]
pub(super) struct Shown {
    response_type: &'static str,
    replace_original: bool,
    unfurl_links: bool,
    unfurl_media: bool,
    #[serde(flatten)]
    message: Message,
    /// Whether nothing was missing that it could show.
    #[serde(skip)]
    whole: bool,
}

impl Front {
    /// The message that shows an answer.
    pub(super) async fn message(&self, answer: &Answer, manner: &Manner) -> Shown {
        let (accounts, response_type, replace_original, extras) = match manner {
            Manner::Alone => (self.mentioned(answer).await, "ephemeral", false, alone(answer)),
            Manner::InPlace => (self.mentioned(answer).await, "ephemeral", true, alone(answer)),
            // A mention in a channel calls the person; only who shares is there by their own will.
            Manner::Shared { by, command } => {
                (Some(HashMap::from([(SHARER.into(), by.clone())])), "in_channel", false, shared(command))
            }
        };
        let whole = accounts.is_some();
        let accounts = accounts.unwrap_or_default();
        // A message stays where it is, and is read for days.
        let reader = Reader { public: &self.parts().public, mentions: &accounts, zone: Tz::UTC, now: None };
        let message = cards::slack::message(&answer.card, &reader, &extras);
        Shown { response_type, replace_original, unfurl_links: false, unfurl_media: false, message, whole }
    }

    /// Accounts of the people that an answer names; nothing where they cannot be looked up. Then people are named instead:
    /// the answer matters more.
    async fn mentioned(&self, answer: &Answer) -> Option<HashMap<String, String>> {
        if answer.card.people().is_empty() {
            return Some(HashMap::new());
        }
        let home = self.home().await.ok()?;
        mentions::of(&self.parts().ctx, &answer.card, Platform::Slack, home).await.ok()
    }
}

impl From<Shown> for Drawn {
    fn from(shown: Shown) -> Self {
        Self::json(&shown, shown.whole)
    }
}

/// Under which name the sharer is mentioned; no entity can have it.
const SHARER: &str = "shared by";

fn alone(answer: &Answer) -> Extras {
    Extras { share: answer.share.clone(), ..Extras::default() }
}

fn shared(command: &str) -> Extras {
    let by = Text::plain("Shared by ").then(Text::person(SHARER, "somebody")).then(" · ");
    Extras { context: Some(by.then(Text::code(format!("/pin {command}")))), ..Extras::default() }
}
