//! Cards as Discord messages.
//!
//! Everything is in embeds, where a mention is shown but pings nobody. Buttons are named `read:<n>:<command>`,
//! `share:<command>`, and `act:<n>:<intent>:<version>` and `form:<n>:<intent>:<version>`, where `<n>` is the place of
//! their action; a command that is too long for that has no button.

mod components;
mod embeds;
pub(crate) mod limits;
mod markdown;

use serde::Serialize;
use serde_json::{Value, json};

pub use crate::Extras;
use crate::{Card, Reader, Span, Text, TimeStyle, Tone, limit, words};

/// A message as Discord's methods take it; whether only its reader sees it is up to the sender.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    /// The content.
    pub embeds: Vec<Value>,
    /// The buttons.
    pub components: Vec<Value>,
    /// Who may be pinged: the people whom the card names, and nothing that data spells.
    pub allowed_mentions: Value,
}

/// A card as a message.
pub fn message(card: &Card, reader: &Reader<'_>, extras: &Extras) -> Message {
    let (components, omitted) = components::rows(card, reader, extras);
    let title = title(card);
    let footer = footer(card, reader, extras, omitted);
    let url = card.link.as_ref().map(|it| it.join(reader.public)).filter(|it| limit::units(it) <= limits::URL);
    let room = limits::TOTAL - limit::units(&title) - limit::units(&footer);
    let mut embeds = embeds::Embeds::new(reader, url.clone(), room);
    card.parts.iter().for_each(|it| embeds.part(it));
    let mut embeds = embeds.end();
    if let Some(colour) = colour(card.tone) {
        embeds.iter_mut().for_each(|it| it["color"] = colour.into());
    }
    if let Some(first) = embeds.first_mut() {
        first["title"] = title.into();
        if let Some(url) = url {
            first["url"] = url.into();
        }
    }
    if let Some(last) = embeds.last_mut().filter(|_| !footer.is_empty()) {
        last["footer"] = json!({ "text": footer });
    }
    Message { embeds, components, allowed_mentions: allowed(card, reader) }
}

fn title(card: &Card) -> String {
    let mark = words::mark(card.tone);
    let title = markdown::words_only(&card.title, limits::TITLE - limit::units(mark));
    format!("{mark}{}", if title.is_empty() { "PinConsole" } else { &title })
}

fn colour(tone: Tone) -> Option<u32> {
    match tone {
        Tone::Neutral => None,
        Tone::Good => Some(0x00_7a_72),
        Tone::Warn => Some(0xbd_5b_00),
        Tone::Bad => Some(0xcc_00_00),
    }
}

/// A footer knows neither markdown nor times, so distances, which would grow wrong, become dates.
fn footer(card: &Card, reader: &Reader<'_>, extras: &Extras, omitted: usize) -> String {
    let lasting = |it: &Text| Text(it.0.iter().cloned().map(lasting).collect());
    let more = (omitted > 0).then(|| words::more_actions(omitted));
    let parts = [extras.context.as_ref(), card.freshness.as_ref()].into_iter().flatten();
    let parts = parts.map(|it| limit::line(&words::of(&lasting(it), reader))).chain(more).filter(|it| !it.is_empty());
    markdown::unformatted(&parts.collect::<Vec<_>>().join(" · "), limits::FOOTER)
}

fn lasting(span: Span) -> Span {
    match span {
        Span::Time { at, .. } => Span::Time { at, style: TimeStyle::Moment },
        Span::Plain(_) | Span::Code(_) | Span::Link { .. } | Span::Person { .. } => span,
    }
}

fn allowed(card: &Card, reader: &Reader<'_>) -> Value {
    let people = card.people();
    let accounts = people.iter().filter_map(|it| reader.mentions.get(*it)).filter(|it| markdown::is_account(it));
    let mut users: Vec<&String> = accounts.collect();
    users.sort_unstable();
    users.dedup();
    users.truncate(limits::MENTIONS);
    if users.is_empty() { json!({ "parse": [] }) } else { json!({ "parse": [], "users": users }) }
}
