//! Views, drawn as forms.

use maud::{Markup, html};
use serde_json::Value;

use crate::fake::slack::{Drawing, Modal, draw_blocks};

/// The view that a member sees.
pub(super) fn dialog(modal: &Modal, drawing: &Drawing<'_>, room: &str) -> Markup {
    let view = &modal.view;
    let words = |name: &str| view[name]["text"].as_str();
    html! {
        section.dialog role="dialog" aria-label=(words("title").unwrap_or("View")) {
            form.s-message method="post" action="/demo/chat/view" {
                input type="hidden" name="as" value=(drawing.user);
                input type="hidden" name="view" value=(modal.id);
                input type="hidden" name="room" value=(room);
                (draw_blocks(view, drawing))
                @for (field, what) in &modal.errors {
                    p.wrong role="alert" { @if !field.is_empty() { strong { (field) ": " } } (what.as_str().unwrap_or_default()) }
                }
                div.s-actions {
                    @if let Some(it) = words("submit") { button class="s-button s-primary" name="verb" value="submit" { (it) } }
                    button.s-button name="verb" value="close" formnovalidate { (words("close").unwrap_or("Close")) }
                }
            }
        }
    }
}

/// Whether the app still has to fill it.
pub(super) fn waits(modal: &Modal) -> bool {
    modal.changes == 0 && !modal.view["blocks"].as_array().is_some_and(|it| it.iter().any(is_input))
}

fn is_input(block: &Value) -> bool {
    block["type"] == "input"
}
