//! Messages drawn as HTML, as Slack would show them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};
use serde_json::Value;
use url::Url;

use super::SlackChannel;
use super::mrkdwn::plain;

/// For whom and where a message is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Drawing<'a> {
    /// Where a pressed button is posted: a form with `as`, `message` and `action`.
    pub press: &'a str,
    /// The number of the message.
    pub message: u64,
    /// Id of the user who looks.
    pub user: &'a str,
    /// Names of users, by id.
    pub names: &'a HashMap<String, String>,
    /// The channels.
    pub channels: &'a [SlackChannel],
    /// The time zone of whoever looks.
    pub zone: Tz,
    /// The moment of drawing.
    pub now: DateTime<Utc>,
}

/// Draws a message. Classes begin with `s-`; everything in the message is escaped.
pub fn draw(message: &Value, drawing: &Drawing<'_>) -> Markup {
    let blocks = items(message, "blocks");
    html! {
        @if blocks.is_empty() {
            p.s-text { (drawing.mrkdwn(word(message, "text"))) }
        } @else {
            form.s-message method="post" action=(drawing.press) {
                input type="hidden" name="as" value=(drawing.user);
                input type="hidden" name="message" value=(drawing.message);
                @for block in blocks { (drawing.block(block)) }
            }
        }
    }
}

/// Draws what a view shows, for a form around it; answers come under the names of its inputs.
pub fn draw_blocks(view: &Value, drawing: &Drawing<'_>) -> Markup {
    html! { @for block in items(view, "blocks") { (drawing.block(block)) } }
}

impl Drawing<'_> {
    fn block(&self, block: &Value) -> Markup {
        match word(block, "type") {
            "header" => html! { h2.s-header { (self.text(&block["text"])) } },
            "section" => self.section(block),
            "context" => html! { div.s-context { @for it in items(block, "elements") { span { (self.text(it)) } } } },
            "actions" => html! { div.s-actions { @for it in items(block, "elements") { (self.button(it)) } } },
            "divider" => html! { hr.s-divider; },
            "image" => self.text(block),
            "table" => self.table(block),
            "rich_text" => self.rich_text(block),
            "input" => self.input(block),
            other => self.unknown(other),
        }
    }

    fn section(&self, block: &Value) -> Markup {
        let fields = items(block, "fields");
        html! {
            div.s-section {
                div {
                    @if let Some(text) = block.get("text") { p.s-text { (self.text(text)) } }
                    @if !fields.is_empty() { div.s-fields { @for it in fields { p.s-text { (self.text(it)) } } } }
                }
                @if let Some(it) = block.get("accessory") {
                    @if word(it, "type") == "button" { (self.button(it)) } @else { (self.text(it)) }
                }
            }
        }
    }

    /// A text object, or the words that stand for an image: no picture is fetched from elsewhere.
    fn text(&self, text: &Value) -> Markup {
        match word(text, "type") {
            "mrkdwn" => self.mrkdwn(word(text, "text")),
            "image" => html! { span.s-image { (word(text, "alt_text")) } },
            _ => html! { (plain(word(text, "text"))) },
        }
    }

    fn button(&self, button: &Value) -> Markup {
        let words = plain(word(&button["text"], "text"));
        let spoken = button.get("accessibility_label").and_then(Value::as_str);
        let class = match word(button, "style") {
            "primary" => "s-button s-primary",
            "danger" => "s-button s-danger",
            _ => "s-button",
        };
        match address(word(button, "url")) {
            Some(url) => html! { a class=(class) href=(url) rel="noreferrer" aria-label=[spoken] { (words) } },
            None => html! {
                button class=(class) name="action" value=(word(button, "action_id")) aria-label=[spoken] { (words) }
            },
        }
    }

    fn table(&self, block: &Value) -> Markup {
        let rows = items(block, "rows");
        let cells = |row: &Value| row.as_array().cloned().unwrap_or_default();
        let cell = |it: &Value| match word(it, "type") {
            "rich_text" => self.rich_text(it),
            _ => html! { (word(it, "text")) },
        };
        html! {
            div.s-scroll tabindex="0" role="region" aria-label="Table" {
                table.s-table {
                    @for row in rows.iter().take(1) {
                        thead { tr { @for it in cells(row) { th scope="col" { (cell(&it)) } } } }
                    }
                    tbody { @for row in rows.iter().skip(1) { tr { @for it in cells(row) { td { (cell(&it)) } } } } }
                }
            }
        }
    }

    fn input(&self, block: &Value) -> Markup {
        let (name, element, needed) = (word(block, "block_id"), &block["element"], block["optional"] != true);
        let id = format!("in-{name}");
        let (filled, chosen) = (element["initial_value"].as_str(), element["initial_option"]["value"].as_str());
        html! {
            div.s-input {
                label for=(id) { (self.text(&block["label"])) @if !needed { " (optional)" } }
                @match (word(element, "type"), element["multiline"] == true) {
                    ("static_select", _) => {
                        select id=(id) name=(name) required[needed] {
                            option value="" {}
                            @for it in items(element, "options") {
                                option value=(word(it, "value")) selected[chosen == it["value"].as_str()] { (self.text(&it["text"])) }
                            }
                        }
                    },
                    (_, true) => textarea id=(id) name=(name) required[needed] rows="3" { (filled.unwrap_or_default()) },
                    (_, false) => input id=(id) name=(name) value=[filled] required[needed] autocomplete="off" spellcheck="false";,
                }
            }
        }
    }

    pub(super) fn link(&self, url: &str, words: &str) -> Markup {
        match address(url) {
            Some(url) => html! { a href=(url) rel="noreferrer" { (words) } },
            None => html! { (words) },
        }
    }

    pub(super) fn user(&self, id: &str) -> Markup {
        let name = self.names.get(id).map_or(id, String::as_str);
        self.mention(&format!("@{name}"))
    }

    pub(super) fn mention(&self, words: &str) -> Markup {
        html! { span.s-mention { (words) } }
    }

    /// A moment in the zone of whoever looks.
    /// <https://docs.slack.dev/messaging/formatting-message-text/#date-formatting>
    pub(super) fn date(&self, at: i64, format: &str, fallback: &str, url: Option<&str>) -> Markup {
        let Some(at) = DateTime::from_timestamp(at, 0) else { return html! { (fallback) } };
        let local = at.with_timezone(&self.zone);
        let day = local.format("%b %-d, %Y").to_string();
        let pretty = match (self.now.with_timezone(&self.zone).date_naive() - local.date_naive()).num_days() {
            0 => "today".into(),
            1 => "yesterday".into(),
            -1 => "tomorrow".into(),
            _ => day.clone(),
        };
        let words = format
            .replace("{date_short_pretty}", &pretty)
            .replace("{date_short}", &day)
            .replace("{time}", &local.format("%-I:%M %p").to_string())
            .replace("{ago}", &ago((self.now - at).num_seconds()));
        let words = if words.contains('{') { fallback } else { &words };
        let told =
            html! { time datetime=(at.to_rfc3339()) title=(local.format("%A, %-d %B %Y, %H:%M:%S %Z")) { (words) } };
        match url.and_then(address) {
            Some(url) => html! { a href=(url) rel="noreferrer" { (told) } },
            None => told,
        }
    }

    pub(super) fn unknown(&self, kind: &str) -> Markup {
        html! { p.s-unknown { "(something of type " (kind) ")" } }
    }
}

/// An address that a browser may follow; nothing that runs.
fn address(url: &str) -> Option<&str> {
    Url::parse(url).is_ok_and(|it| matches!(it.scheme(), "https" | "http")).then_some(url)
}

fn ago(seconds: i64) -> String {
    let (count, unit) = match seconds.unsigned_abs() {
        0..60 => return "just now".into(),
        it @ 60..3_600 => (it / 60, "minute"),
        it @ 3_600..86_400 => (it / 3_600, "hour"),
        it => (it / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if seconds < 0 { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") }
}

/// The items of a list; none where there is none.
pub(super) fn items<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A text; empty where there is none.
pub(super) fn word<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
