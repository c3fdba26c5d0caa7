use proptest::prelude::*;
use serde_json::Value;

use super::any_card::{card, extras};
use super::{acts, read, strings};
use crate::limit::units;
use crate::slack::{Message, limits, message};
use crate::{Card, Extras, Text};

const ACCOUNT: &str = "U0ADA";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_card_keeps_every_limit((card, extras) in (card(), extras())) {
        let message = read(ACCOUNT, |it| message(&card, it, &extras));
        prop_assert!((1..=limits::BLOCKS).contains(&message.blocks.len()));
        prop_assert!(units(&message.text) <= limits::FALLBACK);
        let bytes: usize = message.blocks.iter().map(|it| it.to_string().len() + 1).sum();
        prop_assert!(bytes <= limits::MESSAGE, "{bytes} bytes");
        prop_assert!(message.blocks.iter().filter(|it| it["type"] == "table").count() <= 1);
        for block in &message.blocks {
            block_is_sound(block)?;
        }
        action_ids_differ(&message)?;
    }

    #[test]
    fn no_text_mentions_or_formats((card, extras) in (card(), extras())) {
        let message = read(ACCOUNT, |it| message(&card, it, &extras));
        prop_assert!(!message.text.contains(['<', '>']));
        for markup in message.blocks.iter().flat_map(of_type("mrkdwn")) {
            markup_is_ours(markup["text"].as_str().unwrap_or_default())?;
            prop_assert_eq!(&markup["verbatim"], true);
        }
        for user in message.blocks.iter().flat_map(of_type("user")) {
            prop_assert_eq!(&user["user_id"], ACCOUNT);
        }
        for text in message.blocks.iter().flat_map(of_type("plain_text")) {
            prop_assert!(!text["text"].as_str().unwrap_or_default().contains(['<', '>']));
            prop_assert_eq!(&text["emoji"], false);
        }
        for text in message.blocks.iter().flat_map(said) {
            prop_assert!(!acts(text));
        }
    }
}

#[test]
fn a_command_too_long_for_a_button_has_none() {
    let share = |length: usize| {
        let extras = Extras { share: Some("x".repeat(length)), ..Extras::default() };
        let message = read(ACCOUNT, |it| message(&Card::new("a"), it, &extras));
        message.blocks.iter().flat_map(of_type("button")).count()
    };
    assert_eq!((share(limits::BUTTON_VALUE), share(limits::BUTTON_VALUE + 1)), (1, 0));
}

#[test]
fn says_how_much_was_left_out_and_where_it_is() {
    let (_, card) = crate::gallery().into_iter().find(|(name, _)| *name == "overflow").unwrap();
    let message = read(ACCOUNT, |it| message(&card, it, &Extras::default()));
    let link = message.blocks.iter().flat_map(of_type("link")).last().unwrap();
    assert_eq!(link["url"], "https://pin.example.com/owns/platform");
    assert!(link["text"].as_str().unwrap().starts_with("… and "), "{link}");
}

#[test]
fn a_second_table_becomes_a_list() {
    let rows = || vec![vec![Text::plain("ledger"), Text::plain("3")]];
    let card = Card::new("a").table(["Name", "Count"], rows()).table(["Name", "Count"], rows());
    let message = read(ACCOUNT, |it| message(&card, it, &Extras::default()));
    let kinds: Vec<&Value> = message.blocks.iter().map(|it| &it["type"]).collect();
    assert_eq!(kinds, ["header", "table", "rich_text"]);
    insta::assert_snapshot!(said(&message.blocks[2]).concat(), @"ledger · Count: 3");
}

/// What a block shows, without what it is made of.
fn said(block: &Value) -> Vec<&str> {
    ["text", "plain_text", "mrkdwn", "raw_text", "link"]
        .into_iter()
        .flat_map(|it| of_type(it)(block))
        .filter_map(|it| it["text"].as_str())
        .collect()
}

/// All objects of a type inside a value.
fn of_type(name: &'static str) -> impl Fn(&Value) -> Vec<&Value> {
    move |value| {
        let mut found = Vec::new();
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            match value {
                Value::Array(items) => open.extend(items.iter().rev()),
                Value::Object(fields) => {
                    found.extend((value["type"] == name).then_some(value));
                    open.extend(fields.values());
                }
                _ => {}
            }
        }
        found
    }
}

fn block_is_sound(block: &Value) -> Result<(), TestCaseError> {
    let length = |it: &Value| units(it.as_str().unwrap_or_default());
    prop_assert!(said(block).iter().all(|it| !it.is_empty()), "{}", block);
    match block["type"].as_str().unwrap_or_default() {
        "header" => prop_assert!(length(&block["text"]["text"]) <= 150),
        "context" => {
            prop_assert!(block["elements"].as_array().is_some_and(|it| (1..=10).contains(&it.len())));
            prop_assert!(said(block).iter().all(|it| units(it) <= 3_000));
        }
        "actions" => {
            let elements = block["elements"].as_array().unwrap();
            prop_assert!((1..=25).contains(&elements.len()));
            for button in elements {
                prop_assert!(length(&button["text"]["text"]) <= 75);
                prop_assert!(length(&button["value"]) <= 2_000 && length(&button["url"]) <= 3_000);
                prop_assert!(length(&button["accessibility_label"]) <= 75);
            }
        }
        "table" => {
            let rows = block["rows"].as_array().unwrap();
            prop_assert!((2..=100).contains(&rows.len()));
            prop_assert!(rows.iter().all(|it| it.as_array().map(Vec::len) == rows[0].as_array().map(Vec::len)));
            prop_assert!((1..=20).contains(&rows[0].as_array().unwrap().len()));
            prop_assert!(
                strings(&block["rows"]).len() > 1 && said(block).iter().map(|it| units(it)).sum::<usize>() <= 10_000
            );
        }
        "rich_text" => {
            prop_assert!(of_type("rich_text_section")(block).iter().all(|it| it["elements"] != serde_json::json!([])))
        }
        other => prop_assert!(false, "unknown block {other}"),
    }
    Ok(())
}

/// Every tag is a date, our reader's own account, or a link to an https address.
fn markup_is_ours(text: &str) -> Result<(), TestCaseError> {
    for tag in text.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').ok_or_else(|| TestCaseError::fail("unclosed"))?;
        let ours = tag == format!("@{ACCOUNT}") || tag.starts_with("!date^") || tag.starts_with("https://");
        prop_assert!(ours, "<{tag}>");
    }
    let words: String = text.split('<').map(|it| it.split_once('>').map_or(it, |(_, after)| after)).collect();
    prop_assert!(!words.contains(['*', '~', '\n']));
    prop_assert!(words.matches('`').count().is_multiple_of(2), "{}", words);
    Ok(())
}

fn action_ids_differ(message: &Message) -> Result<(), TestCaseError> {
    let mut ids: Vec<&str> =
        message.blocks.iter().flat_map(of_type("button")).filter_map(|it| it["action_id"].as_str()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    prop_assert_eq!(count, ids.len());
    Ok(())
}
