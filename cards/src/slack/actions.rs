//! Buttons and the small lines below a card.

use serde_json::{Value, json};

use super::size::size;
use super::{limits, mrkdwn};
use crate::{Act, Action, Card, Emphasis, Extras, Reader, limit, words};

/// Buttons about the message itself are no more than these, so that there is room for what it is about.
const ASIDES: usize = 5;

/// The row of buttons, if there are any, and the small lines below it.
pub(super) fn tail(card: &Card, reader: &Reader<'_>, extras: &Extras) -> Vec<Value> {
    let fixed: Vec<Value> = open(card, reader).into_iter().chain(share(extras)).chain(asides(card, extras)).collect();
    let mut elements = Vec::new();
    let mut room = limits::BUTTONS.saturating_sub(fixed.iter().map(size).sum());
    let mut omitted = 0;
    for (index, action) in card.actions.iter().enumerate() {
        match button(index, action).map(|it| (size(&it), it)) {
            Some((size, button)) if size <= room && elements.len() + fixed.len() < limits::ACTIONS => {
                room -= size;
                elements.push(button);
            }
            _ => omitted += 1,
        }
    }
    elements.extend(fixed);
    let actions = (!elements.is_empty()).then(|| json!({ "type": "actions", "elements": elements }));
    actions.into_iter().chain(context(card, reader, extras, omitted)).collect()
}

pub(super) fn context(card: &Card, reader: &Reader<'_>, extras: &Extras, omitted: usize) -> Option<Value> {
    let more = (omitted > 0).then(|| words::more_actions(omitted));
    let elements: Vec<Value> = [extras.context.as_ref(), card.freshness.as_ref()]
        .into_iter()
        .flatten()
        .filter(|it| !words::blank(it, reader))
        .map(|it| mrkdwn::small(it, reader))
        .chain(more.map(|it| mrkdwn::plain(&it, limits::CONTEXT)))
        .take(limits::CONTEXT_ELEMENTS)
        .collect();
    (!elements.is_empty()).then(|| json!({ "type": "context", "elements": elements }))
}

/// The button of an action; none where Slack would refuse its value.
fn button(index: usize, action: &Action) -> Option<Value> {
    let (id, label, value, emphasis) = match action {
        Action::Read { label, ask, emphasis } => (format!("read-{index}"), label, ask.command.clone(), *emphasis),
        Action::Act { label, act, emphasis } => (format!("act-{index}"), label, bound(act), *emphasis),
        Action::Form { label, form } => (format!("form-{index}"), label, bound(&form.act), Emphasis::Normal),
    };
    if value.trim().is_empty() || limit::units(&value) > limits::BUTTON_VALUE {
        return None;
    }
    let mut button = json!({ "type": "button", "action_id": id, "text": label_text(label), "value": value });
    match emphasis {
        Emphasis::Normal => {}
        Emphasis::Primary => button["style"] = "primary".into(),
        Emphasis::Danger => button["style"] = "danger".into(),
    }
    if let Action::Read { label, ask, .. } = action {
        let spoken = format!("{}: {}", limit::line(label), limit::line(&ask.command));
        button["accessibility_label"] = limit::fit(&spoken, limits::BUTTON_TEXT, limit::raw).text.into();
    }
    Some(button)
}

fn open(card: &Card, reader: &Reader<'_>) -> Option<Value> {
    let url = card.link.as_ref()?.join(reader.public);
    let spoken = limit::fit(&format!("Open {}", limit::line(&card.title)), limits::BUTTON_TEXT, limit::raw).text;
    (limit::units(&url) <= limits::URL).then(|| {
        let text = label_text("Open");
        json!({ "type": "button", "action_id": "open", "text": text, "url": url, "accessibility_label": spoken })
    })
}

fn share(extras: &Extras) -> Option<Value> {
    let command = extras.share.as_ref().filter(|it| !it.trim().is_empty())?;
    (limit::units(command) <= limits::BUTTON_VALUE).then(|| {
        let spoken = "Share this answer with everybody here";
        let text = label_text("Share");
        json!({ "type": "button", "action_id": "share", "text": text, "value": command, "accessibility_label": spoken })
    })
}

/// Numbered after the buttons of the card.
fn asides(card: &Card, extras: &Extras) -> Vec<Value> {
    (card.actions.len()..).zip(&extras.asides).filter_map(|(index, it)| button(index, it)).take(ASIDES).collect()
}

fn label_text(label: &str) -> Value {
    let label = limit::line(label);
    mrkdwn::plain(if label.is_empty() { "…" } else { &label }, limits::BUTTON_TEXT)
}

/// What binds a press to an intent and to the version that was drawn.
fn bound(act: &Act) -> String {
    format!("{}:{}", act.intent, act.version)
}
