use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::any_card::card;
use super::{acts, read};
use crate::terminal::{Style, text};
use crate::{Card, Text};

const ESCAPE: char = '\u{1b}';

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn data_controls_no_terminal(card in card(), width in 0..200_usize) {
        let text = read("", |it| text(&card, it, Style { colour: false, width }));
        prop_assert!(!acts(&text));
        prop_assert!(!acts(&text));
    }

    #[test]
    fn colours_are_ours_and_end(card in card()) {
        let text = read("", |it| text(&card, it, Style { colour: true, width: 80 }));
        for code in text.split(ESCAPE).skip(1) {
            let ours = ["[0m", "[1m", "[2m", "[4m", "[36m", "[1;32m", "[1;33m", "[1;31m"];
            prop_assert!(ours.iter().any(|it| code.starts_with(it)));
        }
        let paired = text.lines().all(|it| it.matches(ESCAPE).count().is_multiple_of(2));
        prop_assert!(paired);
    }

    #[test]
    fn lines_keep_to_the_width(card in card(), width in 20..120_usize) {
        // Addresses, commands and what is copied are never broken, so a card without them.
        let mut card = Card { link: None, ..card };
        card.actions.retain(|it| !matches!(it, crate::Action::Read { .. }));
        let unlinked = |it: &mut Text| it.0.retain(|it| !matches!(it, crate::Span::Link { .. } | crate::Span::Code(_)));
        card.parts.iter_mut().flat_map(parts).for_each(unlinked);
        card.freshness.iter_mut().for_each(unlinked);
        let text = read("", |it| text(&card, it, Style { colour: false, width }));
        for line in text.lines() {
            prop_assert!(line.width() <= width, "{} columns: {line:?}", line.width());
        }
    }
}

#[test]
fn columns_too_many_for_the_width_become_labels() {
    let head = ["One", "Two", "Three", "Four", "Five"];
    let row = |it: &str| head.iter().map(|name| Text::plain(format!("{name} of {it}"))).collect();
    let card = Card::new("Wide").table(head, vec![row("a"), row("b")]);
    insta::assert_snapshot!(read("", |it| text(&card, it, Style { colour: false, width: 30 })), @"
    Wide

      One: One of a
      Two: Two of a
      Three: Three of a
      Four: Four of a
      Five: Five of a

      One: One of b
      Two: Two of b
      Three: Three of b
      Four: Four of b
      Five: Five of b
    ");
}

fn parts(part: &mut crate::Part) -> Vec<&mut Text> {
    match part {
        crate::Part::Heading(_) => Vec::new(),
        crate::Part::Text(text) => vec![text],
        crate::Part::Facts(facts) => facts.iter_mut().map(|it| &mut it.value).collect(),
        crate::Part::List(items) => items.iter_mut().flat_map(|it| [&mut it.text, &mut it.note]).collect(),
        crate::Part::Table(table) => table.rows.iter_mut().flatten().collect(),
    }
}
