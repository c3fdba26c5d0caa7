//! Slack's own markup, needed only in small lines, which cannot hold rich text.

use serde_json::{Value, json};

use super::inline::{date_format, is_account};
use super::limits;
use crate::{Reader, Span, Text, limit, words};

/// A small line: plain text where that says it all.
pub(super) fn small(text: &Text, reader: &Reader<'_>) -> Value {
    if text.0.iter().all(|it| matches!(it, Span::Plain(_))) {
        return plain(&limit::line(&words::of(text, reader)), limits::CONTEXT);
    }
    json!({ "type": "mrkdwn", "text": mrkdwn(text, reader), "verbatim": true })
}

/// A text without markup, in which entities are decoded and nothing else.
pub(super) fn plain(words: &str, max: usize) -> Value {
    json!({ "type": "plain_text", "text": limit::fit(words, max, escape).text, "emoji": false })
}

/// The three characters that Slack asks to escape, everywhere.
/// <https://docs.slack.dev/messaging/formatting-message-text/#escaping>
pub(super) fn escape(grapheme: &str, out: &mut String) {
    for it in grapheme.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(it),
        }
    }
}

fn mrkdwn(text: &Text, reader: &Reader<'_>) -> String {
    let mut out = String::new();
    for span in &text.0 {
        let words = words::of_span(span, reader).replace('\n', " ");
        let room = limits::CONTEXT - limit::units(&out);
        let piece = markup(span, &words, reader).filter(|it| limit::units(it) <= room);
        let said = match piece {
            Some(text) => limit::Fitted { text, whole: true },
            None => limit::fit(&neutral(&words, out.is_empty()), room, escape),
        };
        out.push_str(&said.text);
        if !said.whole {
            break;
        }
    }
    out
}

/// The markup of a span that needs some; it cannot be cut.
fn markup(span: &Span, words: &str, reader: &Reader<'_>) -> Option<String> {
    let mut text = String::new();
    escape(&neutral(words, false), &mut text);
    match span {
        Span::Plain(_) => None,
        Span::Code(_) => (!words.is_empty()).then(|| format!("`{text}`")),
        // A bar would end the address; percent-encoded it is the same address.
        Span::Link { target, .. } => Some(format!("<{}|{text}>", words::address(target, reader).replace('|', "%7C"))),
        Span::Person { name, .. } => reader.mentions.get(name).filter(|it| is_account(it)).map(|it| format!("<@{it}>")),
        Span::Time { at, style } if words::ordinary(*at) => {
            Some(format!("<!date^{}^{}^{text}>", at.timestamp(), date_format(*style)))
        }
        Span::Time { .. } => None,
    }
}

/// Words with look-alikes for the characters that would format them; Slack has no escape for those.
fn neutral(words: &str, first: bool) -> String {
    let chars: Vec<char> = words.chars().collect();
    let inside = |at: usize| {
        at > 0 && chars[at - 1].is_alphanumeric() && chars.get(at + 1).is_some_and(|it| it.is_alphanumeric())
    };
    let look = |(at, it): (usize, &char)| match it {
        '*' => '∗',
        '~' => '∼',
        '`' => 'ˋ',
        '_' if !inside(at) => '＿',
        ':' if opens_emoji(&chars[at + 1..]) => '∶',
        '>' if first && at == 0 => '›',
        _ => *it,
    };
    chars.iter().enumerate().map(look).collect()
}

/// Whether a colon before these would begin an emoji's name.
fn opens_emoji(rest: &[char]) -> bool {
    let name = rest.iter().take_while(|it| it.is_alphanumeric() || "_+-'".contains(**it)).count();
    name > 0 && rest.get(name) == Some(&':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formatting_characters_lose_their_power() {
        insta::assert_snapshot!(neutral("> *a* _b_ ~c~ `d` :skull: snake_case 12:30", true), @"› ∗a∗ ＿b＿ ∼c∼ ˋdˋ ∶skull: snake_case 12:30");
    }
}
