use proptest::prelude::*;

use super::any_card::card;
use super::{acts, read};
use crate::{Card, Page, Reader, Text, html};

const ELEMENTS: &[&str] = &[
    "article", "h1", "h2", "h3", "p", "dl", "div", "dt", "dd", "ul", "li", "small", "table", "thead", "tbody", "tr",
    "th", "td", "nav", "a", "code", "span", "time", "br",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_tag_is_ours_and_closed(card in card()) {
        let html = read("", |it| html::body(&card, it)).into_string();
        let mut open = Vec::new();
        for tag in html.split('<').skip(1) {
            let (tag, text) = tag.split_once('>').ok_or_else(|| TestCaseError::fail("a tag without end"))?;
            prop_assert!(!text.contains('>'));
            let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
            prop_assert!(ELEMENTS.contains(&name), "<{tag}>");
            prop_assert!(tag.matches('"').count().is_multiple_of(2) && attributes(tag), "<{tag}>");
            match tag.starts_with('/') {
                true => prop_assert_eq!(open.pop(), Some(name)),
                false => open.extend((name != "br").then_some(name)),
            }
        }
        prop_assert!(open.is_empty());
        prop_assert!(!acts(&html));
    }
}

/// Whether a tag has only attributes that we write.
fn attributes(tag: &str) -> bool {
    let names = tag.split('"').step_by(2).map(|it| it.trim_end_matches('=').rsplit(' ').next().unwrap_or_default());
    let ours = ["class", "href", "rel", "datetime", "title", "scope", "role", "aria-label", "tabindex", ""];
    tag.starts_with('/') || !tag.contains('"') || names.into_iter().all(|it| ours.contains(&it))
}

#[test]
fn pages_stay_on_the_host_that_serves_them() {
    let card = Card::new("a").text(Text::page("b", Page::at(["c"])));
    let at = |public: &str| {
        let public = url::Url::parse(public).unwrap();
        read("", |it| html::body(&card, &Reader { public: &public, ..it.clone() })).into_string()
    };
    assert!(at("https://pin.example").contains(r#"href="/c""#));
    assert!(at("https://pin.example/console/").contains(r#"href="/console/c""#));
    assert!(at("https://pin.example//evil.example/").contains(r#"href="/evil.example/c""#));
}

#[test]
fn a_section_begins_one_level_lower() {
    let card = Card::new("a").heading("b");
    let html = read("", |it| html::section(&card, it)).into_string();
    insta::assert_snapshot!(html, @r#"<article class="card"><h2>a</h2><h3>b</h3></article>"#);
}
