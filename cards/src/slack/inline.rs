//! Spans as rich text elements. They are typed and have no markup, so nothing in them needs escaping.

use serde_json::{Value, json};

use super::limits;
use crate::{Reader, Span, Text, TimeStyle, limit, words};

/// The elements of a text, which together say at most `max` characters.
pub(super) fn elements(text: &Text, reader: &Reader<'_>, max: usize) -> Vec<Value> {
    let mut room = max;
    let mut elements = Vec::new();
    for span in &text.0 {
        let said = limit::fit(&words::of_span(span, reader), room, limit::raw);
        room -= limit::units(&said.text);
        if !said.text.is_empty() {
            let whole = said.whole;
            elements.push(element(span, said.text, reader, whole));
        }
        if !said.whole {
            break;
        }
    }
    elements
}

/// Words without style.
pub(super) fn plain(words: impl Into<String>) -> Value {
    json!({ "type": "text", "text": words.into() })
}

/// Words that stand out.
pub(super) fn bold(words: impl Into<String>) -> Value {
    json!({ "type": "text", "text": words.into(), "style": { "bold": true } })
}

/// Words that lead to an address, or just the words where Slack would refuse the address.
pub(super) fn link(words: String, url: String) -> Value {
    if limit::units(&url) > limits::URL {
        return plain(words);
    }
    json!({ "type": "link", "url": url, "text": words })
}

/// A rich text block of these sections and lists.
pub(super) fn block(elements: Vec<Value>) -> Value {
    json!({ "type": "rich_text", "elements": elements })
}

/// A run of elements, in which words of one style are one element.
pub(super) fn section(elements: Vec<Value>) -> Value {
    let mut merged: Vec<Value> = Vec::with_capacity(elements.len());
    for element in elements {
        match merged.last_mut() {
            Some(last) if last["type"] == "text" && element["type"] == "text" && last["style"] == element["style"] => {
                last["text"] = format!("{}{}", text(last), text(&element)).into();
            }
            _ => merged.push(element),
        }
    }
    json!({ "type": "rich_text_section", "elements": merged })
}

/// Whether Slack could know an account by this id. <https://docs.slack.dev/reference/objects/user-object/>
pub(super) fn is_account(id: &str) -> bool {
    id.starts_with(['U', 'W'])
        && (2..=32).contains(&id.len())
        && id.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
}

/// How Slack tells a moment. <https://docs.slack.dev/messaging/formatting-message-text/#date-formatting>
pub(super) fn date_format(style: TimeStyle) -> &'static str {
    match style {
        TimeStyle::Moment => "{date_short_pretty} at {time}",
        TimeStyle::Ago => "{ago}",
    }
}

fn text(element: &Value) -> &str {
    element["text"].as_str().unwrap_or_default()
}

fn element(span: &Span, words: String, reader: &Reader<'_>, whole: bool) -> Value {
    match span {
        Span::Code(_) => json!({ "type": "text", "text": words, "style": { "code": true } }),
        Span::Link { target, .. } => link(words, words::address(target, reader)),
        Span::Person { name, .. } if whole => match reader.mentions.get(name) {
            Some(id) if is_account(id) => json!({ "type": "user", "user_id": id }),
            _ => plain(words),
        },
        Span::Time { at, style } if whole && words::ordinary(*at) => json!({
            "type": "date", "timestamp": at.timestamp(), "format": date_format(*style), "fallback": words,
        }),
        Span::Plain(_) | Span::Person { .. } | Span::Time { .. } => plain(words),
    }
}
