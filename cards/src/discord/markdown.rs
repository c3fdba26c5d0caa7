//! Spans as Discord's markdown. <https://docs.discord.com/developers/reference#message-formatting>

use crate::{Reader, Span, Text, TimeStyle, limit, words};

/// A text as markdown of at most `max` characters; what is cut is words, never markup.
pub(super) fn markdown(text: &Text, reader: &Reader<'_>, max: usize) -> String {
    let mut out = String::new();
    for span in &text.0 {
        let room = max - limit::units(&out);
        let words = words::of_span(span, reader);
        let said = match markup(span, &words, reader).filter(|it| limit::units(it) <= room) {
            Some(text) => limit::Fitted { text, whole: true },
            None => escaped(&words, room),
        };
        out.push_str(&said.text);
        if !said.whole {
            break;
        }
    }
    out
}

/// Words on one line that mean nothing to Discord.
pub(super) fn words_only(words: &str, max: usize) -> String {
    escaped(&limit::line(words), max).text
}

/// Words where Discord knows no markdown: only what could be read as a ping is broken.
pub(super) fn unformatted(words: &str, max: usize) -> String {
    limit::fit(&harmless(words), max, limit::raw).text
}

/// A line that leads to an address.
pub(super) fn link(words: &str, url: &str) -> String {
    // In angle brackets an address is not unfurled; parentheses would still end it in some clients, and a ping is a ping
    // wherever it stands.
    format!("[{words}](<{}>)", url.replace('(', "%28").replace(')', "%29").replace('@', "%40"))
}

/// The same words with an invisible character in what Discord looks for when it decides whom to ping.
pub(super) fn harmless(words: &str) -> String {
    const BREAK: char = '\u{200b}';
    let mut out = String::with_capacity(words.len());
    let mut pieces = words.split('@');
    out.push_str(pieces.next().unwrap_or_default());
    for after in pieces {
        let pings = |name: &str| after.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name));
        out.extend(out.ends_with('<').then_some(BREAK));
        out.push('@');
        out.extend((pings("everyone") || pings("here")).then_some(BREAK));
        out.push_str(after);
    }
    out
}

/// Whether Discord could know an account by this id. <https://docs.discord.com/developers/reference#snowflakes>
pub(super) fn is_account(id: &str) -> bool {
    (15..=20).contains(&id.len()) && id.bytes().all(|it| it.is_ascii_digit())
}

fn markup(span: &Span, words: &str, reader: &Reader<'_>) -> Option<String> {
    match span {
        // A backtick inside would end the code, and backslashes are literal there.
        Span::Code(_) => (!words.is_empty()).then(|| format!("`{}`", harmless(&words.replace('`', "ˋ")))),
        Span::Link { target, .. } => Some(link(&escaped(words, usize::MAX).text, &words::address(target, reader))),
        Span::Person { name, .. } => reader.mentions.get(name).filter(|it| is_account(it)).map(|it| format!("<@{it}>")),
        Span::Time { at, style } if words::ordinary(*at) => {
            let style = match style {
                TimeStyle::Moment => 'f',
                TimeStyle::Ago => 'R',
            };
            Some(format!("<t:{}:{style}>", at.timestamp()))
        }
        Span::Plain(_) | Span::Time { .. } => None,
    }
}

/// Words with a backslash before everything that could begin or end markup.
fn escaped(words: &str, max: usize) -> limit::Fitted {
    let mut word = Word::Begins;
    limit::fit(&harmless(words), max, |grapheme, out| {
        for it in grapheme.chars() {
            if word.needs_escape(it) {
                out.push('\\');
            }
            out.push(it);
            word = word.after(it);
        }
    })
}

/// How far into a word the escaping is, since lists and headings begin with whole words such as `-`, `##` and `1.`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Begins,
    Number,
    Sign,
    Inside,
}

impl Word {
    fn needs_escape(self, it: char) -> bool {
        match it {
            '\\' | '*' | '_' | '~' | '`' | '|' | '<' | '>' | '[' | ']' | '(' | ')' | ':' | '@' => true,
            '#' | '-' | '+' => matches!(self, Self::Begins | Self::Sign),
            '.' => matches!(self, Self::Begins | Self::Number),
            _ => false,
        }
    }

    fn after(self, it: char) -> Self {
        match (self, it) {
            (_, it) if it.is_whitespace() => Self::Begins,
            (Self::Begins | Self::Number, it) if it.is_ascii_digit() => Self::Number,
            (Self::Begins | Self::Sign, '#' | '-' | '+') => Self::Sign,
            _ => Self::Inside,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_their_markup() {
        let said = |it| escaped(it, 1_000).text;
        assert_eq!(said("**a** __b__ ~~c~~ ||d|| `e`"), r"\*\*a\*\* \_\_b\_\_ \~\~c\~\~ \|\|d\|\| \`e\`");
        assert_eq!(said("# a\n-# b\n1. c\n- d v1.2 x-y"), "\\# a\n\\-\\# b\n1\\. c\n\\- d v1.2 x-y");
        assert_eq!(
            said("<@1> <@&2> <#3> <t:0> <:a:1>"),
            "\\<\u{200b}\\@1\\> \\<\u{200b}\\@&2\\> \\<#3\\> \\<t\\:0\\> \\<\\:a\\:1\\>"
        );
        assert_eq!(said("[a](https://b)"), r"\[a\]\(https\://b\)");
        assert_eq!(said("@everyone @Here @ada"), "\\@\u{200b}everyone \\@\u{200b}Here \\@ada");
    }

    #[test]
    fn cuts_between_escapes() {
        assert_eq!(escaped("a**", 4).text, "a\\*…");
        assert_eq!(escaped("a**", 3).text, "a…");
    }
}
