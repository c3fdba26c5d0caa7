use proptest::prelude::*;
use serde_json::Value;

use super::any_card::{card, extras};
use super::{acts, read};
use crate::discord::{Message, limits, message};
use crate::limit::units;
use crate::{Card, Extras, Text};

const ACCOUNT: &str = "998877665544332211";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_card_keeps_every_limit((card, extras) in (card(), extras())) {
        let message = read(ACCOUNT, |it| message(&card, it, &extras));
        prop_assert!((1..=limits::EMBEDS).contains(&message.embeds.len()));
        prop_assert!(message.embeds.iter().map(total).sum::<usize>() <= limits::TOTAL);
        for embed in &message.embeds {
            prop_assert!(length(&embed["title"]) <= 256 && length(&embed["description"]) <= 4_096);
            prop_assert!(length(&embed["footer"]["text"]) <= 2_048 && length(&embed["url"]) <= 2_048);
            let fields = fields(embed);
            prop_assert!(fields.len() <= 25);
            prop_assert!(fields.iter().all(|it| (1..=256).contains(&length(&it["name"]))));
            prop_assert!(fields.iter().all(|it| (1..=1_024).contains(&length(&it["value"]))));
        }
        components_are_sound(&message)?;
    }

    #[test]
    fn no_text_pings((card, extras) in (card(), extras())) {
        let message = read(ACCOUNT, |it| message(&card, it, &extras));
        prop_assert_eq!(&message.allowed_mentions["parse"], &serde_json::json!([]));
        for text in message.embeds.iter().flat_map(texts) {
            let lower = text.to_ascii_lowercase();
            prop_assert!(!lower.contains("@everyone") && !lower.contains("@here"));
            prop_assert!(text.matches("<@").count() == text.matches(&format!("<@{ACCOUNT}>")).count(), "{}", text);
            prop_assert!(!acts(text));
        }
    }

    #[test]
    fn no_text_formats(words in super::any_card::words()) {
        let message = read(ACCOUNT, |it| message(&Card::new("a").text(Text::plain(words)), it, &Extras::default()));
        let text = message.embeds[0]["description"].as_str().unwrap_or_default();
        let mut escaped = false;
        for it in text.chars() {
            prop_assert!(escaped || !"*_~`|<>[]():@".contains(it), "{}", text);
            escaped = it == '\\' && !escaped;
        }
        prop_assert!(!escaped);
        prop_assert!(text.lines().all(|it| !it.trim_start().starts_with(['#', '-', '+'])));
    }
}

#[test]
fn a_command_too_long_for_an_id_has_no_button() {
    let buttons = |length: usize| {
        let ask = crate::Ask { command: "x".repeat(length), page: None };
        read(ACCOUNT, |it| message(&Card::new("a").read("b", ask), it, &Extras::default())).components.len()
    };
    assert_eq!((buttons(93), buttons(94)), (1, 0));
}

#[test]
fn only_named_people_may_be_pinged() {
    let card = Card::new("a").text(Text::person("ada.lovelace", "Ada").then(Text::person("nobody", "@everyone")));
    let message = read(ACCOUNT, |it| message(&card, it, &Extras::default()));
    assert_eq!(message.allowed_mentions, serde_json::json!({ "parse": [], "users": [ACCOUNT] }));
    insta::assert_snapshot!(message.embeds[0]["description"].as_str().unwrap().escape_default(), @r"<@998877665544332211>\\@\u{200b}everyone");
}

fn components_are_sound(message: &Message) -> Result<(), TestCaseError> {
    prop_assert!(message.components.len() <= limits::ROWS);
    let rows = message.components.iter().map(|it| it["components"].as_array().unwrap());
    let mut ids = Vec::new();
    for row in rows {
        prop_assert!((1..=limits::ROW_BUTTONS).contains(&row.len()));
        for button in row {
            prop_assert!((1..=80).contains(&length(&button["label"])) && length(&button["url"]) <= 512);
            ids.extend(button["custom_id"].as_str());
        }
    }
    prop_assert!(ids.iter().all(|it| units(it) <= limits::CUSTOM_ID));
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    prop_assert_eq!(count, ids.len());
    Ok(())
}

fn length(value: &Value) -> usize {
    units(value.as_str().unwrap_or_default())
}

fn fields(embed: &Value) -> &[Value] {
    embed["fields"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn texts(embed: &Value) -> Vec<&str> {
    let fields = fields(embed).iter().flat_map(|it| [&it["name"], &it["value"]]);
    [&embed["title"], &embed["description"], &embed["footer"]["text"]]
        .into_iter()
        .chain(fields)
        .filter_map(Value::as_str)
        .collect()
}

fn total(embed: &Value) -> usize {
    texts(embed).into_iter().map(units).sum()
}
