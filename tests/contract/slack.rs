//! Slack's messages against `@slack/types`.

use std::collections::HashMap;

use cards::{Card, Extras, Field, FieldKind, Reader, Text, gallery, slack};
use chrono::DateTime;
use chrono_tz::Tz;
use serde_json::{Value, json};
use url::Url;

use crate::typescript::complaints;

#[test]
fn every_card_is_a_message_that_slack_takes() {
    let alone = Extras::default();
    let shared = Extras {
        share: Some("catalog payments".into()),
        context: Some(Text::plain("Shared by Ada")),
        ..Extras::default()
    };
    let messages: Vec<Value> = gallery()
        .iter()
        .flat_map(|(_, card)| [drawn(card, &alone), drawn(card, &shared)])
        .map(|it| serde_json::to_value(it).expect("a message is JSON"))
        .collect();
    assert!(messages.len() >= 20, "the gallery has only {} messages", messages.len());
    assert_eq!(complaints("messages", &[("sent", typed(&messages))]), "");
}

#[test]
fn every_card_is_a_view_that_slack_takes() {
    let kinds =
        [FieldKind::Line, FieldKind::Lines, FieldKind::Time, FieldKind::Choice(vec!["slack".into(), "jira".into()])];
    let field = |(index, kind): (usize, FieldKind)| Field {
        name: format!("field{index}"),
        label: format!("Field {index}"),
        kind,
        required: index % 2 == 0,
    };
    let fields: Vec<Field> = kinds.into_iter().enumerate().map(field).collect();
    let form = slack::View {
        callback: "form",
        carries: "1:2",
        submit: Some("Next"),
        close: "Cancel",
        tells: true,
        fields: &fields,
        filled: &[],
    };
    let filled =
        [("field0", "said before"), ("field1", "two\nlines"), ("field2", "2026-11-23T09:00:00Z"), ("field3", "jira")]
            .map(|(name, value)| (name.to_string(), value.to_string()));
    let again = slack::View { filled: &filled, ..form };
    let shown = slack::View { submit: None, tells: false, fields: &[], ..form };
    let cards = gallery();
    let views = cards
        .iter()
        .flat_map(|(_, card)| [&form, &again, &shown].map(|it| read(card, |reader| slack::view(card, reader, it))));
    let constants = views.enumerate().map(|(index, it)| format!("export const view{index}: ModalView = {it:#};\n"));
    let file: String =
        std::iter::once("import type { ModalView } from '@slack/types';\n".to_string()).chain(constants).collect();
    assert_eq!(complaints("views", &[("sent", file)]), "");
}

#[test]
fn what_slack_would_refuse_does_not_pass() {
    let wrong = [
        ("unknown-block", json!({ "type": "sektion" })),
        ("missing-key", json!({ "type": "header" })),
        ("wrong-text", json!({ "type": "header", "text": { "type": "mrkdwn", "text": "x" } })),
        ("surplus-key", json!({ "type": "divider", "colour": "red" })),
        ("wrong-value", json!({ "type": "section", "text": { "type": "plain_text", "text": 7 } })),
    ];
    let files = wrong.map(|(name, block)| (name, typed(&[json!({ "text": "x", "blocks": [block] })])));
    let said = complaints("wrong", &files);
    for (name, _) in files {
        assert!(said.lines().any(|it| it.starts_with(name) && it.contains("error TS")), "{name} passed: {said}");
    }
}

/// A file in which each message is a constant of the type that Slack gives it.
fn typed(messages: &[Value]) -> String {
    let constants = messages.iter().enumerate().map(|(index, it)| {
        format!("export const message{index}: {{ text: string; blocks: KnownBlock[] }} = {it:#};\n")
    });
    std::iter::once("import type { KnownBlock } from '@slack/types';\n".to_string()).chain(constants).collect()
}

fn drawn(card: &Card, extras: &Extras) -> slack::Message {
    read(card, |reader| slack::message(card, reader, extras))
}

/// Calls with a reader who knows everybody whom the card names.
fn read<T>(card: &Card, call: impl FnOnce(&Reader<'_>) -> T) -> T {
    let public = Url::parse("https://pin.example/").expect("an address");
    // Everybody whom a card names has an account, so that mentions are drawn too.
    let mentions: HashMap<String, String> = card.people().iter().map(|it| (it.to_string(), "U0ADA".into())).collect();
    let now = DateTime::from_timestamp(1_772_366_400, 0).expect("a moment");
    call(&Reader { public: &public, mentions: &mentions, zone: Tz::UTC, now: Some(now) })
}
