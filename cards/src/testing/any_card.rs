//! Any card from any text.

use chrono::DateTime;
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use crate::{
    Act, Action, Ask, Card, Emphasis, Extras, Fact, Form, Item, Page, Part, Span, Table, Text, TimeStyle, Tone,
};

/// Any card: mostly small ones, some with hundreds of everything.
pub(super) fn card() -> impl Strategy<Value = Card> {
    let parts = prop_oneof![8 => vec(part(), 0..6), 1 => vec(part(), 40..70)];
    let actions = prop_oneof![8 => vec(action(), 0..6), 1 => vec(action(), 20..120)];
    let tone = prop_oneof![Just(Tone::Neutral), Just(Tone::Good), Just(Tone::Warn), Just(Tone::Bad)];
    (words(), tone, parts, actions, prop::option::of(page()), prop::option::of(text())).prop_map(
        |(title, tone, parts, actions, link, freshness)| Card {
            parts,
            actions,
            link,
            freshness,
            ..Card::new(title).tone(tone)
        },
    )
}

/// Any additions to a card.
pub(super) fn extras() -> impl Strategy<Value = Extras> {
    (prop::option::of(words()), prop::option::of(text()), prop::collection::vec(action(), 0..8))
        .prop_map(|(share, context, asides)| Extras { share, context, asides })
}

/// Any text.
pub(super) fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        40 => any::<String>(),
        40 => vec(prop::sample::select(TRICKS), 0..6).prop_map(|it| it.concat()),
        20 => "[a-z ]{0,40}",
        1 => (prop::sample::select(TRICKS), 1..1_500_usize).prop_map(|(it, times)| it.repeat(times)),
    ]
}

/// What has power somewhere.
const TRICKS: &[&str] = &[
    "<!channel>",
    "<!here|x>",
    "@everyone",
    "@here",
    "<@U1>",
    "<@123456789012345678>",
    "<@&123456789012345678>",
    "<#C1>",
    "*bold*",
    "_it_",
    "~s~",
    "**",
    "__",
    "||",
    "`",
    "```",
    "&amp;",
    "&",
    "<",
    ">",
    "|",
    "\\",
    "[a](https://b)",
    "https://evil.example",
    "<https://evil.example|x>",
    ":skull:",
    "<:a:1>",
    "<t:0:R>",
    "<!date^0^{ago}|x>",
    "\n",
    "\n# h",
    "\n> q",
    "\n- l",
    "1. ",
    "\t",
    "\r",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{0}",
    "\u{1b}[31m",
    "\u{9b}",
    "\u{2028}",
    "é",
    "e\u{301}",
    "👨‍👩‍👧",
    "漢字",
    "مرحبا",
    "\u{1f3f4}",
    "</td><script>",
    "\"' onload=x",
    "{{",
    "%s",
    " ",
];

fn spans() -> impl Strategy<Value = Span> {
    let person = prop_oneof![Just("ada.lovelace".to_string()), words()];
    let style = prop_oneof![Just(TimeStyle::Moment), Just(TimeStyle::Ago)];
    let moment = prop_oneof![0..4_000_000_000_i64, -8_000_000_000_000..8_000_000_000_000_i64];
    let link = (
        words(),
        prop_oneof![
            Just("https://a.example/x?y=1&z#f|g".to_string()),
            words().prop_map(|it| format!("https://a.example/{it}"))
        ],
    );
    prop_oneof![
        4 => words().prop_map(Span::Plain),
        1 => words().prop_map(Span::Code),
        1 => link.prop_map(|(label, address)| Text::site(label, &address).0.remove(0)),
        1 => (words(), page()).prop_map(|(label, page)| Text::page(label, page).0.remove(0)),
        1 => (person, words()).prop_map(|(name, display)| Span::Person { name, display }),
        1 => (moment, style).prop_map(|(at, style)| Span::Time { at: DateTime::from_timestamp(at, 0).unwrap(), style }),
    ]
}

fn text() -> impl Strategy<Value = Text> {
    vec(spans(), 0..5).prop_map(Text)
}

fn page() -> impl Strategy<Value = Page> {
    (vec(words(), 0..3), prop::option::of(words())).prop_map(|(segments, query)| {
        let page = Page::at(segments.iter().map(String::as_str));
        query.map_or_else(|| page.clone(), |it| page.with("q", &it))
    })
}

fn part() -> impl Strategy<Value = Part> {
    let many = || prop_oneof![40 => 0..5_usize, 1 => 60..130_usize];
    let facts = many().prop_flat_map(|it| vec((words(), text()), it));
    let items = many().prop_flat_map(|it| vec((text(), text()), it));
    let table = (prop_oneof![9 => 0..5_usize, 1 => 15..25_usize], many())
        .prop_flat_map(|(columns, rows)| (vec(words(), columns), vec(vec(text(), 0..columns + 2), rows)));
    prop_oneof![
        words().prop_map(Part::Heading),
        text().prop_map(Part::Text),
        facts.prop_map(|it| Part::Facts(it.into_iter().map(|(label, value)| Fact { label, value }).collect())),
        items.prop_map(|it| Part::List(it.into_iter().map(|(text, note)| Item { text, note }).collect())),
        table.prop_map(|(head, rows)| Part::Table(Table { head, rows })),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    let emphasis = prop_oneof![Just(Emphasis::Normal), Just(Emphasis::Primary), Just(Emphasis::Danger)];
    let act = || (any::<u128>(), any::<i64>()).prop_map(|(id, version)| Act { intent: Uuid::from_u128(id), version });
    prop_oneof![
        (words(), words(), prop::option::of(page())).prop_map(|(label, command, page)| Action::Read {
            label,
            ask: Ask { command, page },
            emphasis: Emphasis::Normal
        }),
        (words(), act(), emphasis).prop_map(|(label, act, emphasis)| Action::Act { label, act, emphasis }),
        (words(), act()).prop_map(|(label, act)| Action::Form { label, form: Form { act, fields: Vec::new() } }),
    ]
}
