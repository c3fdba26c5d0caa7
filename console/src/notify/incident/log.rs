//! What happened to an incident, in the thread of the channel's message.

use cards::{Card, Text, Tone};
use domain::incidents::ping::Ping;
use domain::incidents::{Incident, LogEntry};

use super::ways::Ways;
use crate::incident::{happened, page};
use crate::notify::{Destination, Kind, Lane, Message};

/// Longer notes are cut; the page has all.
const LONGEST: usize = 1_500;

/// While more incidents of a message are open than these, its thread has only what people wrote: the message itself counts.
pub(super) const QUIET: i64 = 5;

/// Whether the thread should have this, where so many incidents of the message are open.
pub(super) fn worth(entry: &LogEntry, open: i64) -> bool {
    open <= QUIET || !entry.text.trim().is_empty()
}

/// What happened, as an answer to the message that tells of the incident.
pub(super) fn message(incident: &Incident, entry: &LogEntry, ping: &Ping, ways: Ways) -> Message {
    let key = format!("incident/{}/log/{}", incident.id, entry.id);
    let mut ways = ways.all.into_iter();
    let first = ways.next().unwrap_or(Destination::Administrators);
    let card = card(incident, entry, ping.many);
    Message { or_else: ways.collect(), ..Message::new(key, Lane::Update, first, card) }
        .of(Kind::Incident)
        .thread_of(&ping.key)
}

fn card(incident: &Incident, entry: &LogEntry, many: bool) -> Card {
    // In a message about several it must be said which one.
    let title = if many { format!("#{}: {}", incident.number, happened(entry)) } else { happened(entry) };
    let card = Card::new(title).tone(tone(&entry.kind));
    let card = match cut(entry.text.trim()) {
        (text, _) if text.is_empty() => card,
        (text, false) => card.text(text),
        (text, true) => card.text(format!("{text}…")).text(Text::page("The whole text", page(incident.number))),
    };
    card.freshness(Text::moment(entry.at))
}

fn tone(kind: &str) -> Tone {
    match kind {
        "triggered" | "reopened" | "escalated" => Tone::Warn,
        "resolved" => Tone::Good,
        _ => Tone::Neutral,
    }
}

/// The beginning of a text, and whether there is more.
fn cut(text: &str) -> (String, bool) {
    let beginning: String = text.chars().take(LONGEST).collect();
    let more = beginning.len() < text.len();
    (beginning, more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_leaves_only_what_people_wrote_in_the_thread() {
        let entry = |text: &str| LogEntry {
            id: "R".into(),
            at: chrono::DateTime::UNIX_EPOCH,
            kind: "acknowledged".into(),
            who: None,
            member_id: None,
            text: text.into(),
        };
        assert!(worth(&entry(""), QUIET) && worth(&entry("It is the ledger."), QUIET + 1));
        assert!(!worth(&entry(" "), QUIET + 1));
    }

    #[test]
    fn a_long_note_is_cut_at_a_character() {
        assert_eq!(cut("ä"), ("ä".into(), false));
        let (cut, more) = cut(&"ä".repeat(LONGEST + 1));
        assert!(more && cut.chars().count() == LONGEST);
    }
}
