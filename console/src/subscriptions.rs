//! What channels are told of pull requests: what can be asked for, and what was.

mod ask;
mod list;
mod target;

use std::fmt;

use cards::{Card, Text};
use domain::github::subscription::{Event, Wanted};

pub use ask::{Typed, subscribe, unsubscribe};
pub use list::answer;
pub(crate) use target::target;

/// A channel of Slack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Slack's id of it.
    pub id: String,
    /// Its name, where Slack itself said so.
    pub name: Option<String>,
}

impl Room {
    /// The channel in which something was asked. Slack names rooms that have no name of their own by what they are.
    /// <https://docs.slack.dev/interactivity/implementing-slash-commands/>
    pub fn new(id: impl Into<String>, name: Option<String>) -> Self {
        let plain = |it: &String| !it.is_empty() && !it.contains('|') && !UNNAMED.contains(&it.as_str());
        Self { id: id.into(), name: name.filter(plain) }
    }

    /// The one that is kept like this.
    pub fn read(kept: &str) -> Option<Self> {
        let (id, name) = kept.split_once('|').unwrap_or((kept, ""));
        (!id.is_empty()).then(|| Self::new(id, Some(name.into())))
    }

    /// As people read it.
    pub(crate) fn text(&self) -> Text {
        match &self.name {
            Some(name) => Text::plain(format!("#{name}")),
            None => Text::code(&self.id),
        }
    }
}

const UNNAMED: [&str; 3] = ["directmessage", "privategroup", "mpdm"];

/// As it is kept.
impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{}|{name}", self.id),
            None => f.write_str(&self.id),
        }
    }
}

/// The words of every event that can be asked for.
pub fn events() -> [&'static str; 7] {
    Event::ALL.map(Event::as_str)
}

/// Of what a channel is told, on a card.
pub(crate) fn facts(card: Card, wanted: &Wanted) -> Card {
    let names = wanted.authors.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ");
    let labels = Text::joined(wanted.labels.iter().map(Text::code), " ");
    card.fact("Events", told(wanted)).fact("Labels", labels).fact("Authors", names).fact("Also", also(wanted))
}

/// The events, as people read them.
pub(crate) fn told(wanted: &Wanted) -> String {
    let word = |it: &Event| match it {
        Event::Checks if wanted.failures_only => "checks that fail",
        it => it.as_str(),
    };
    wanted.events.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn also(wanted: &Wanted) -> String {
    let also = [(wanted.drafts, "drafts"), (wanted.bots, "what programs open and say")];
    also.into_iter().filter(|it| it.0).map(|it| it.1).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_read_as_it_was_kept_and_what_is_no_name_is_none() {
        for room in [Room::new("C0PAY", Some("payments".into())), Room::new("C0PAY", None)] {
            assert_eq!(Room::read(&room.to_string()), Some(room));
        }
        for name in ["privategroup", "directmessage", "a|b", ""] {
            assert_eq!(Room::new("G0X", Some(name.into())).name, None, "{name}");
        }
        assert_eq!(Room::read(""), None);
    }
}
