use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde_json::Value;

/// User id of the app.
pub const APP: &str = "U0PINBOT";

/// User id of Slack's own bot, which says when an app fails.
pub const SLACKBOT: &str = "USLACKBOT";

/// Older entries are forgotten.
const LONGEST: usize = 20_000;

/// Something that happened in a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Counts up.
    pub id: u64,
    /// What it belongs to: a command or a press with all that answers it.
    pub exchange: u64,
    /// Id of the user who did it; [`APP`] and [`SLACKBOT`] are users too.
    pub who: String,
    /// Id of the channel.
    pub channel: String,
    /// Who sees it.
    pub visibility: Visibility,
    /// What it was.
    pub kind: Kind,
    /// When.
    pub at: DateTime<Utc>,
}

/// Who sees an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// One user only.
    Ephemeral {
        /// Id of the user.
        to: String,
    },
    /// One user, in the direct message with the app.
    Direct {
        /// Id of the user.
        to: String,
    },
    /// Everybody.
    InChannel,
}

/// What an entry was.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Words typed.
    Typed(String),
    /// A button pressed.
    Pressed {
        /// The entry of the message.
        message: u64,
        /// Name of the button.
        action_id: String,
    },
    /// A message of the app or of Slack's bot.
    Message {
        /// The message as posted.
        json: Value,
        /// How often it was replaced.
        replaced: u32,
        /// Whether it was taken away.
        deleted: bool,
    },
}

impl Kind {
    /// A message as first posted.
    pub(super) fn message(json: Value) -> Self {
        Self::Message { json, replaced: 0, deleted: false }
    }
}

impl Entry {
    /// Whether a user sees it in the channel.
    pub fn seen_by(&self, user: &str) -> bool {
        let shown = !matches!(self.kind, Kind::Pressed { .. } | Kind::Message { deleted: true, .. });
        shown
            && match &self.visibility {
                Visibility::Ephemeral { to } | Visibility::Direct { to } => to == user,
                Visibility::InChannel => true,
            }
    }

    /// The message, if it is one that is still there.
    pub fn message(&self) -> Option<&Value> {
        match &self.kind {
            Kind::Message { json, deleted: false, .. } => Some(json),
            _ => None,
        }
    }

    /// When, as Slack writes it; unique among all entries.
    pub fn ts(&self) -> String {
        format!("{}.{:06}", self.at.timestamp(), self.id)
    }
}

/// What happened, oldest first.
#[derive(Default)]
pub(super) struct Transcript {
    entries: VecDeque<Entry>,
    last: u64,
}

impl Transcript {
    /// A number that was not given before.
    pub(super) fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Adds an entry, whose number it gives.
    pub(super) fn add(&mut self, entry: Entry) -> u64 {
        let id = self.number();
        self.entries.push_back(Entry { id, ..entry });
        if self.entries.len() > LONGEST {
            self.entries.pop_front();
        }
        id
    }

    pub(super) fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(super) fn entry(&mut self, id: u64) -> Option<&mut Entry> {
        let place = self.entries.binary_search_by_key(&id, |it| it.id).ok()?;
        self.entries.get_mut(place)
    }

    /// The entry that Slack's id of a message in a channel means.
    pub(super) fn posted(&mut self, channel: &str, ts: &str) -> Option<&mut Entry> {
        let id = ts.split_once('.')?.1.parse().ok()?;
        self.entry(id).filter(|it| it.channel == channel && it.ts() == ts && it.message().is_some())
    }

    pub(super) fn of(&mut self, exchange: u64) -> impl Iterator<Item = &mut Entry> {
        self.entries.iter_mut().filter(move |it| it.exchange == exchange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entries_are_forgotten() {
        let mut transcript = Transcript::default();
        for index in 0..LONGEST + 20 {
            transcript.add(Entry {
                id: 0,
                exchange: 0,
                who: "U1".into(),
                channel: "C1".into(),
                visibility: Visibility::InChannel,
                kind: Kind::Typed(index.to_string()),
                at: DateTime::UNIX_EPOCH,
            });
        }
        assert_eq!(transcript.entries().count(), LONGEST);
        assert_eq!(transcript.entries().next().map(|it| &it.kind), Some(&Kind::Typed("20".into())));
    }
}
