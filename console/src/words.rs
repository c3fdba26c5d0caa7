//! Phrases that several cards share.

use cards::{Target, Text};
use domain::reference::EntityRef;
use domain::subject::Subject;

use crate::Asks;

/// Something with a reference, as a link to its page; a person as a person.
pub(crate) fn subject(subject: &Subject) -> Text {
    if subject.kind == "User" {
        return Text::person(&subject.name, &subject.title);
    }
    named(&subject.reference, &subject.title)
}

/// A reference that may lead nowhere, as a link when it is known and as code when it is not.
pub(crate) fn target(reference: &str, subject: Option<&Subject>) -> Text {
    match subject {
        Some(it) if it.orphaned => self::subject(it).then(" (orphaned)"),
        Some(it) => self::subject(it),
        None => Text::code(reference).then(" (missing)"),
    }
}

/// A reference as a link to its page, under this label.
pub(crate) fn named(reference: &str, label: &str) -> Text {
    match Asks::subject(reference).and_then(|it| it.page) {
        Some(page) => Text(vec![cards::Span::Link { label: label.into(), target: Target::Page(page) }]),
        None => Text::plain(label),
    }
}

/// What kind of thing it is, such as `Component · service`.
pub(crate) fn kind(subject: &Subject) -> String {
    match &subject.type_ {
        Some(it) if it != "unknown" => format!("{} · {it}", kind_word(&subject.kind)),
        _ => kind_word(&subject.kind).to_string(),
    }
}

/// The kind as people say it.
pub(crate) fn kind_word(kind: &str) -> &str {
    match kind {
        "User" => "Person",
        it => it,
    }
}

/// The name of an owner that only its reference tells.
pub(crate) fn owner(reference: &str) -> String {
    EntityRef::parse(reference, None, "default").map_or_else(|_| reference.to_string(), |it| it.name().to_string())
}

/// What somebody typed, without what no name has and no database takes.
pub(crate) fn typed(words: &str) -> String {
    let plain: String = words.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    plain.trim().to_string()
}

/// `1 thing`, `2 things`.
pub(crate) fn count(number: i64, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}
