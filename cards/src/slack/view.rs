//! Cards and forms as views, the dialogs of Slack.

use serde_json::{Value, json};

use super::actions::context;
use super::size::size;
use super::{body, header, limits, mrkdwn};
use crate::{Card, Extras, Field, FieldKind, Reader, limit};

/// What a view is besides the card in it.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// By what its answers are told from those of others.
    pub callback: &'a str,
    /// What comes back with the answers, unseen.
    pub carries: &'a str,
    /// The words on the button that sends the answers; without them nothing is sent.
    pub submit: Option<&'a str>,
    /// The words on the button that closes it.
    pub close: &'a str,
    /// Whether we are told when it is closed.
    pub tells: bool,
    /// What is asked below the card.
    pub fields: &'a [Field],
    /// What stands in the fields already, by their names.
    pub filled: &'a [(String, String)],
}

/// A card, with what is asked below it, as a view. <https://docs.slack.dev/reference/views/modal-views/>
pub fn view(card: &Card, reader: &Reader<'_>, view: &View<'_>) -> Value {
    let header = header(card);
    let tail: Vec<Value> = view
        .fields
        .iter()
        .map(|it| input(it, filled(view, it)))
        .chain(context(card, reader, &Extras::default(), 0))
        .collect();
    let fixed = size(&header) + tail.iter().map(|it| size(it) + 1).sum::<usize>();
    let slots = limits::VIEW_BLOCKS.saturating_sub(1 + tail.len());
    let body = body::listed(card, reader, slots, limits::MESSAGE.saturating_sub(fixed));
    let blocks: Vec<Value> = [header].into_iter().chain(body).chain(tail).collect();
    let mut shown = json!({
        "type": "modal",
        "callback_id": view.callback,
        "private_metadata": view.carries,
        "notify_on_close": view.tells,
        "title": mrkdwn::plain("PinConsole", limits::VIEW_TITLE),
        "close": mrkdwn::plain(view.close, limits::VIEW_TITLE),
        "blocks": blocks,
    });
    if let Some(submit) = view.submit {
        shown["submit"] = mrkdwn::plain(submit, limits::VIEW_TITLE);
    }
    shown
}

fn filled<'a>(view: &View<'a>, field: &Field) -> Option<&'a str> {
    view.filled.iter().find(|it| it.0 == field.name).map(|it| it.1.as_str())
}

/// One question, with what stands there already. <https://docs.slack.dev/reference/block-kit/blocks/input-block/>
fn input(field: &Field, filled: Option<&str>) -> Value {
    let id = &field.name;
    let mut element = match &field.kind {
        FieldKind::Line => json!({ "type": "plain_text_input", "action_id": id, "multiline": false }),
        FieldKind::Lines => json!({ "type": "plain_text_input", "action_id": id, "multiline": true }),
        FieldKind::Time => json!({ "type": "datetimepicker", "action_id": id }),
        FieldKind::Choice(choices) => {
            let options: Vec<Value> = choices.iter().take(limits::OPTIONS).map(|it| option(it)).collect();
            json!({ "type": "static_select", "action_id": id, "options": options })
        }
    };
    match (&field.kind, filled) {
        (FieldKind::Line | FieldKind::Lines, Some(text)) => element["initial_value"] = text.into(),
        (FieldKind::Choice(choices), Some(choice)) if choices.iter().any(|it| it == choice) => {
            element["initial_option"] = option(choice);
        }
        (FieldKind::Line | FieldKind::Lines | FieldKind::Choice(_) | FieldKind::Time, _) => {}
    }
    let label = limit::line(&field.label);
    json!({
        "type": "input",
        "block_id": id,
        "label": mrkdwn::plain(if label.is_empty() { "…" } else { &label }, limits::LABEL),
        "element": element,
        "optional": !field.required,
    })
}

/// <https://docs.slack.dev/reference/block-kit/composition-objects/option-object/>
fn option(choice: &str) -> Value {
    let value = limit::fit(choice, limits::OPTION, limit::raw).text;
    json!({ "text": mrkdwn::plain(&limit::line(choice), limits::OPTION), "value": value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::read;

    fn field(name: &str, kind: FieldKind, required: bool) -> Field {
        Field { name: name.into(), label: format!("The <{name}>"), kind, required }
    }

    #[test]
    fn a_form_asks_below_its_card() {
        let card = Card::new("Correct an account").table(["Where", "Id"], vec![vec!["Slack".into(), "U0ADA".into()]]);
        let fields = [
            field("platform", FieldKind::Choice(vec!["slack".into(), "github".into()]), true),
            field("account", FieldKind::Line, true),
            field("reason", FieldKind::Lines, false),
            field("until", FieldKind::Time, false),
        ];
        let form = View {
            callback: "form",
            carries: "1:2",
            submit: Some("Next"),
            close: "Cancel",
            tells: false,
            fields: &fields,
            filled: &[("platform".into(), "github".into()), ("account".into(), "octocat".into())],
        };
        let view = read("U0ADA", |it| view(&card, it, &form));
        let kinds: Vec<&str> = view["blocks"].as_array().unwrap().iter().filter_map(|it| it["type"].as_str()).collect();
        assert_eq!(kinds, ["header", "rich_text", "input", "input", "input", "input"], "a view takes no table");
        let asked = json!({
            "type": "input", "block_id": "platform", "optional": false,
            "label": { "type": "plain_text", "text": "The &lt;platform&gt;", "emoji": false },
            "element": { "type": "static_select", "action_id": "platform", "options": [
                { "text": { "type": "plain_text", "text": "slack", "emoji": false }, "value": "slack" },
                { "text": { "type": "plain_text", "text": "github", "emoji": false }, "value": "github" },
            ], "initial_option":
                { "text": { "type": "plain_text", "text": "github", "emoji": false }, "value": "github" } },
        });
        assert_eq!(view["blocks"][2], asked);
        assert_eq!(view["blocks"][3]["element"]["initial_value"], "octocat");
        assert_eq!((&view["blocks"][4]["optional"], &view["submit"]["text"]), (&true.into(), &"Next".into()));
    }

    #[test]
    fn a_view_that_asks_nothing_sends_nothing_and_keeps_the_limits() {
        let rows = (0..300).map(|it| vec![crate::Text::plain(format!("row {it} {}", "x".repeat(90)))]).collect();
        let card = Card::new("x".repeat(400)).table(["Row"], rows);
        let done = View {
            callback: "done",
            carries: "",
            submit: None,
            close: "Close",
            tells: false,
            fields: &[],
            filled: &[],
        };
        let view = read("U0ADA", |it| view(&card, it, &done));
        assert!(view.get("submit").is_none());
        assert!((1..=limits::VIEW_BLOCKS).contains(&view["blocks"].as_array().unwrap().len()));
        assert!(view["blocks"].to_string().len() <= limits::MESSAGE + 2);
    }
}
