use maud::{Markup, html};

use crate::fake::slack::{APP, Drawing, Entry, Kind, SLACKBOT, Visibility, draw};

/// How many colours the avatars have.
const COLOURS: usize = 6;

/// An entry of the transcript, with what was answered in its thread.
pub(super) fn threaded(entry: &Entry, seen: &[&Entry], drawing: &Drawing<'_>) -> Markup {
    let ts = entry.ts();
    let answers: Vec<&&Entry> = seen.iter().filter(|it| thread(it) == Some(ts.as_str())).collect();
    html! {
        (self::entry(entry, drawing))
        @if !answers.is_empty() {
            li.thread {
                p.count { (answers.len()) @if answers.len() == 1 { " reply" } @else { " replies" } }
                ol.entries aria-label="Thread" { @for it in answers { (self::entry(it, drawing)) } }
            }
        }
    }
}

/// The message in whose thread an entry is.
pub(super) fn thread(entry: &Entry) -> Option<&str> {
    entry.message()?.get("thread_ts")?.as_str()
}

/// One entry of the transcript.
fn entry(entry: &Entry, drawing: &Drawing<'_>) -> Markup {
    let name = match entry.who.as_str() {
        APP => "PinConsole",
        SLACKBOT => "Slackbot",
        id => drawing.names.get(id).map_or(id, String::as_str),
    };
    let local = entry.at.with_timezone(&drawing.zone);
    let drawing = Drawing { message: entry.id, ..*drawing };
    html! {
        li.entry id={ "m" (entry.id) } {
            span class={ "avatar " (colour(&entry.who)) } aria-hidden="true" { (initials(name)) }
            div.said {
                @if let Visibility::Ephemeral { .. } = entry.visibility { p.private { "Only visible to you" } }
                p.who {
                    strong { (name) }
                    @if matches!(entry.who.as_str(), APP | SLACKBOT) { span.badge { "APP" } }
                    time datetime=(entry.at.to_rfc3339()) title=(local.format("%-d %B %Y, %H:%M:%S")) {
                        (local.format("%-I:%M %p"))
                    }
                }
                @match &entry.kind {
                    Kind::Typed(words) => p.typed { (words) },
                    Kind::Message { json, replaced, .. } => {
                        (draw(json, &drawing))
                        @if *replaced > 0 { p.edited { "(edited)" } }
                    },
                    Kind::Pressed { .. } => {},
                }
            }
        }
    }
}

fn initials(name: &str) -> String {
    let letters: Vec<char> =
        name.split_whitespace().filter_map(|it| it.chars().find(|it| it.is_alphanumeric())).collect();
    match letters.as_slice() {
        [] => "?".into(),
        [only] => only.to_uppercase().collect(),
        [first, .., last] => first.to_uppercase().chain(last.to_uppercase()).collect(),
    }
}

fn colour(who: &str) -> String {
    match who {
        APP => "tint-app".into(),
        _ => format!("tint-{}", who.bytes().map(usize::from).sum::<usize>() % COLOURS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_last_name() {
        let all = ["Ada Byron King", "grace", "Ærøskøbing (x)", "", "🎉 -"].map(initials);
        insta::assert_snapshot!(all.join(" "), @"AK G ÆX ? ?");
    }
}
