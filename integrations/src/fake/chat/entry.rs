use maud::{Markup, html};

use crate::fake::slack::{APP, CHANNEL, Drawing, Entry, Kind, SLACKBOT, SlackChannel, Visibility, draw};

/// How many colours the avatars have.
const COLOURS: usize = 6;

/// One entry of the transcript.
pub(super) fn entry(entry: &Entry, drawing: &Drawing<'_>) -> Markup {
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
                @if let Some(it) = where_seen(entry, drawing.channels) { p.private { (it) } }
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

/// Where it was said, unless that goes without saying.
fn where_seen(entry: &Entry, channels: &[SlackChannel]) -> Option<String> {
    let named = channels.iter().find(|it| it.id == entry.channel).map_or(entry.channel.as_str(), |it| &it.name);
    let place = match &entry.visibility {
        Visibility::Ephemeral { .. } => Some("Only visible to you".to_string()),
        Visibility::Direct { .. } => Some("Direct message from PinConsole".into()),
        Visibility::InChannel if entry.channel != CHANNEL => Some(format!("In #{named}")),
        Visibility::InChannel => None,
    };
    match entry.message().is_some_and(|it| it.get("thread_ts").is_some()) {
        true => Some(format!("{}reply in a thread", place.map(|it| it + ", ").unwrap_or_default())),
        false => place,
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
