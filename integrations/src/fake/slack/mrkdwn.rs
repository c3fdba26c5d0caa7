//! Slack's markup, drawn. <https://docs.slack.dev/messaging/formatting-message-text/>

use maud::{Markup, PreEscaped, html};

use super::Drawing;

impl Drawing<'_> {
    /// Marked-up text.
    pub(super) fn mrkdwn(&self, text: &str) -> Markup {
        let mut drawn = String::new();
        let mut before = None;
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let piece = match next {
                '<' => self.bracket(rest),
                '`' => between(rest, '`').map(|(inner, rest)| (html! { code { (plain(inner)) } }, rest)),
                '*' | '_' | '~' if !before.is_some_and(char::is_alphanumeric) => self.styled(rest, next),
                _ => None,
            };
            let (markup, after) = piece.unwrap_or_else(|| {
                let end = rest[next.len_utf8()..].find(['<', '`', '*', '_', '~']);
                let (words, after) = rest.split_at(end.map_or(rest.len(), |it| it + next.len_utf8()));
                (html! { (plain(words)) }, after)
            });
            before = rest[..rest.len() - after.len()].chars().next_back();
            drawn.push_str(&markup.0);
            rest = after;
        }
        PreEscaped(drawn)
    }

    fn styled<'t>(&self, text: &'t str, mark: char) -> Option<(Markup, &'t str)> {
        let (inner, rest) = between(text, mark)?;
        if inner.starts_with(' ') || inner.ends_with(' ') || rest.starts_with(char::is_alphanumeric) {
            return None;
        }
        let inner = self.mrkdwn(inner);
        let drawn = match mark {
            '*' => html! { strong { (inner) } },
            '_' => html! { em { (inner) } },
            _ => html! { s { (inner) } },
        };
        Some((drawn, rest))
    }

    /// A link, a mention or a date.
    fn bracket<'t>(&self, text: &'t str) -> Option<(Markup, &'t str)> {
        let (inner, rest) = text.strip_prefix('<')?.split_once('>')?;
        let (target, label) = inner.split_once('|').map_or((inner, None), |(target, label)| (target, Some(label)));
        let drawn = match target.chars().next()? {
            '@' => self.user(&target[1..]),
            '#' => self.mention(&format!("#{}", label.unwrap_or(&target[1..]))),
            '!' => match target[1..].strip_prefix("date^") {
                Some(date) => {
                    let mut parts = date.splitn(3, '^');
                    let at = parts.next()?.parse().ok()?;
                    self.date(at, parts.next()?, &plain(label.unwrap_or_default()), parts.next())
                }
                None => self.mention(&format!("@{}", &target[1..])),
            },
            _ => self.link(&plain(target), &plain(label.unwrap_or(target))),
        };
        Some((drawn, rest))
    }
}

/// Text as Slack reads it: the three entities decoded.
pub(super) fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// What stands between two equal marks on one line, and what follows them.
fn between(text: &str, mark: char) -> Option<(&str, &str)> {
    let (inner, rest) = text.strip_prefix(mark)?.split_once(mark)?;
    (!inner.is_empty() && !inner.contains('\n')).then_some((inner, rest))
}
