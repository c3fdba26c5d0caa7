//! Rich text, drawn. <https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/>

use maud::{Markup, html};
use serde_json::Value;

use super::Drawing;
use super::draw::{items, word};

impl Drawing<'_> {
    /// A rich text block, or a cell of a table that is one.
    pub(super) fn rich_text(&self, block: &Value) -> Markup {
        html! {
            @for part in items(block, "elements") {
                @match word(part, "type") {
                    "rich_text_section" => div.s-text { (self.elements(part)) },
                    "rich_text_preformatted" => pre { (self.elements(part)) },
                    "rich_text_quote" => blockquote { (self.elements(part)) },
                    "rich_text_list" => (self.list(part)),
                    other => (self.unknown(other)),
                }
            }
        }
    }

    fn list(&self, part: &Value) -> Markup {
        let indent = part.get("indent").and_then(Value::as_u64).unwrap_or_default().min(8);
        let class = format!("s-list s-indent-{indent}");
        let items = html! { @for item in items(part, "elements") { li { (self.elements(item)) } } };
        html! {
            @if word(part, "style") == "ordered" { ol class=(class) { (items) } } @else { ul class=(class) { (items) } }
        }
    }

    fn elements(&self, part: &Value) -> Markup {
        html! { @for element in items(part, "elements") { (styled(element, self.element(element))) } }
    }

    fn element(&self, element: &Value) -> Markup {
        match word(element, "type") {
            "text" => html! { (word(element, "text")) },
            "link" => {
                let url = word(element, "url");
                let words = element.get("text").and_then(Value::as_str).unwrap_or(url);
                self.link(url, words)
            }
            "user" => self.user(word(element, "user_id")),
            "channel" => self.mention(&format!("#{}", word(element, "channel_id"))),
            "usergroup" => self.mention(&format!("@{}", word(element, "usergroup_id"))),
            "broadcast" => self.mention(&format!("@{}", word(element, "range"))),
            "emoji" => html! { ":" (word(element, "name")) ":" },
            "color" => html! { (word(element, "value")) },
            "date" => {
                let at = element.get("timestamp").and_then(Value::as_i64).unwrap_or_default();
                let url = element.get("url").and_then(Value::as_str);
                self.date(at, word(element, "format"), word(element, "fallback"), url)
            }
            other => self.unknown(other),
        }
    }
}

fn styled(element: &Value, words: Markup) -> Markup {
    let has = |name: &str| element.pointer(&format!("/style/{name}")) == Some(&Value::Bool(true));
    let words = if has("code") {
        html! { code { (words) } }
    } else {
        words
    };
    let words = if has("strike") {
        html! { s { (words) } }
    } else {
        words
    };
    let words = if has("underline") {
        html! { u { (words) } }
    } else {
        words
    };
    let words = if has("italic") {
        html! { em { (words) } }
    } else {
        words
    };
    if has("bold") {
        html! { strong { (words) } }
    } else {
        words
    }
}
