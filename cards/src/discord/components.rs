//! Buttons.

use serde_json::{Value, json};

use super::{limits, markdown};
use crate::{Act, Action, Card, Emphasis, Extras, Reader, limit};

/// Kinds of components. <https://docs.discord.com/developers/components/reference#component-object-component-types>
const ACTION_ROW: u8 = 1;
const BUTTON: u8 = 2;

/// Styles of buttons. <https://docs.discord.com/developers/components/reference#button-button-styles>
const PRIMARY: u8 = 1;
const SECONDARY: u8 = 2;
const DANGER: u8 = 4;
const LINK: u8 = 5;

/// Buttons about the message itself are no more than these, so that there is room for what it is about.
const ASIDES: usize = 5;

/// The rows of buttons, and how many actions have none.
pub(super) fn rows(card: &Card, reader: &Reader<'_>, extras: &Extras) -> (Vec<Value>, usize) {
    let fixed: Vec<Value> = open(card, reader).into_iter().chain(share(extras)).chain(asides(card, extras)).collect();
    let room = (limits::ROWS * limits::ROW_BUTTONS).saturating_sub(fixed.len());
    let mut buttons: Vec<Value> =
        card.actions.iter().enumerate().filter_map(|(index, it)| button(index, it)).take(room).collect();
    let omitted = card.actions.len() - buttons.len();
    buttons.extend(fixed);
    let row = |it: &[Value]| json!({ "type": ACTION_ROW, "components": it });
    (buttons.chunks(limits::ROW_BUTTONS).map(row).collect(), omitted)
}

fn button(index: usize, action: &Action) -> Option<Value> {
    match action {
        Action::Read { label, ask, emphasis } => {
            custom(format!("read:{index}:{}", ask.command), label, style(*emphasis))
        }
        Action::Act { label, act, emphasis } => custom(bound("act", index, act), label, style(*emphasis)),
        Action::Form { label, form } => custom(bound("form", index, &form.act), label, SECONDARY),
    }
}

fn open(card: &Card, reader: &Reader<'_>) -> Option<Value> {
    let url = card.link.as_ref()?.join(reader.public);
    (limit::units(&url) <= limits::BUTTON_URL)
        .then(|| json!({ "type": BUTTON, "style": LINK, "label": "Open", "url": url }))
}

fn share(extras: &Extras) -> Option<Value> {
    custom(format!("share:{}", extras.share.as_ref()?), "Share", SECONDARY)
}

/// Numbered after the buttons of the card.
fn asides(card: &Card, extras: &Extras) -> Vec<Value> {
    (card.actions.len()..).zip(&extras.asides).filter_map(|(index, it)| button(index, it)).take(ASIDES).collect()
}

/// A button with an id; none where Discord would refuse the id.
fn custom(id: String, label: &str, style: u8) -> Option<Value> {
    let label = limit::line(label);
    let label = markdown::unformatted(if label.is_empty() { "…" } else { &label }, limits::LABEL);
    (limit::units(&id) <= limits::CUSTOM_ID)
        .then(|| json!({ "type": BUTTON, "style": style, "label": label, "custom_id": id }))
}

fn bound(kind: &str, index: usize, act: &Act) -> String {
    format!("{kind}:{index}:{}:{}", act.intent, act.version)
}

fn style(emphasis: Emphasis) -> u8 {
    match emphasis {
        Emphasis::Normal => SECONDARY,
        Emphasis::Primary => PRIMARY,
        Emphasis::Danger => DANGER,
    }
}
