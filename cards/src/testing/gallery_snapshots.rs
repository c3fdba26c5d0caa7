//! One snapshot of each renderer over the whole gallery.

use serde_json::Value;

use super::read;
use crate::{Card, Extras, Text, discord, gallery, html, slack, terminal};

#[test]
fn slack() {
    let extras = Extras {
        share: Some("catalog payments".into()),
        context: Some(Text::plain("Shared by Ada")),
        ..Extras::default()
    };
    insta::assert_snapshot!(drawn(|card| {
        let message = read("U0ADA", |it| slack::message(card, it, &extras));
        let blocks: Vec<String> = message.blocks.iter().map(short).collect();
        format!("{}\n\ntext: {} characters\n", blocks.join("\n"), message.text.chars().count())
    }));
}

#[test]
fn discord() {
    let extras = Extras { share: Some("catalog payments".into()), ..Extras::default() };
    insta::assert_snapshot!(drawn(|card| {
        let message = read("123456789012345678", |it| discord::message(card, it, &extras));
        let lines: Vec<String> = message.embeds.iter().chain(&message.components).map(short).collect();
        format!("{}\n{}\n", lines.join("\n"), message.allowed_mentions)
    }));
}

#[test]
fn html() {
    insta::assert_snapshot!(drawn(|card| {
        let html = read("", |it| html::body(card, it)).into_string();
        // One element a line, to be read by people.
        let tags = ["<h", "<p", "<dl", "<div", "<ul", "<li", "<nav", "<tr", "<thead", "<tbody", "</article"];
        middle_cut(&tags.iter().fold(html, |html, it| html.replace(it, &format!("\n{it}"))))
    }));
}

#[test]
fn terminal() {
    let style = terminal::Style { colour: false, width: 80 };
    insta::assert_snapshot!(drawn(|card| middle_cut(&read("", |it| terminal::text(card, it, style)))));
}

#[test]
fn terminal_narrow_and_coloured() {
    let style = terminal::Style { colour: true, width: 32 };
    insta::assert_snapshot!(drawn(|card| {
        middle_cut(&read("", |it| terminal::text(card, it, style)).replace('\u{1b}', "␛"))
    }));
}

/// Stored cards outlive the program that stored them: what this file holds must stay readable for ever.
#[test]
fn format_1_stays_readable() {
    let lines: Vec<String> = gallery().iter().map(|(_, card)| serde_json::to_string(card).unwrap()).collect();
    insta::assert_snapshot!(lines.join("\n"));
    let again: Vec<Card> = lines.iter().map(|it| serde_json::from_str(it).unwrap()).collect();
    assert!(again.iter().eq(gallery().iter().map(|(_, card)| card)));
}

fn drawn(draw: impl Fn(&Card) -> String) -> String {
    gallery().iter().map(|(name, card)| format!("=== {name}\n{}\n", draw(card))).collect()
}

/// Lines; of many their beginning and their end.
fn middle_cut(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    match lines.len() {
        0..=80 => lines.join("\n") + "\n",
        many => format!("{}\n[{} lines]\n{}\n", lines[..20].join("\n"), many - 40, lines[many - 20..].join("\n")),
    }
}

/// A value on one line; of a long one its beginning and its end.
fn short(value: &Value) -> String {
    const ENDS: usize = 500;
    let line: Vec<char> = value.to_string().chars().collect();
    match line.len() {
        0..=1_500 => line.iter().collect(),
        long => format!(
            "{} [{} characters] {}",
            line[..ENDS].iter().collect::<String>(),
            long - 2 * ENDS,
            line[long - ENDS..].iter().collect::<String>()
        ),
    }
}
