//! Cards from any text, and the rules that every renderer keeps for all of them.

mod any_card;
mod discord_rules;
mod gallery_snapshots;
mod html_rules;
mod slack_rules;
mod terminal_rules;

use std::collections::HashMap;

use chrono::DateTime;
use chrono_tz::Europe;
use url::Url;

use crate::Reader;

/// Calls with a reader on the gallery's day, who knows an account of each of the people that tests name.
pub(crate) fn read<T>(account: &str, call: impl FnOnce(&Reader<'_>) -> T) -> T {
    let public = Url::parse("https://pin.example.com").unwrap();
    let people = ["ada.lovelace", "grace.hopper"];
    let mentions: HashMap<String, String> = people.iter().map(|it| (it.to_string(), account.to_string())).collect();
    let now = DateTime::from_timestamp(1_772_366_400, 0).unwrap();
    call(&Reader { public: &public, mentions: &mentions, zone: Europe::Berlin, now: Some(now) })
}

/// Every string inside a value.
fn strings(value: &serde_json::Value) -> Vec<&str> {
    match value {
        serde_json::Value::String(text) => vec![text],
        serde_json::Value::Array(items) => items.iter().flat_map(strings).collect(),
        serde_json::Value::Object(fields) => fields.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

/// Whether a text has a character that acts on a screen instead of being read.
fn acts(text: &str) -> bool {
    text.contains(|it: char| {
        it.is_control() && it != '\n' || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}
