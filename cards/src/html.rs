//! Cards as HTML, readable without a style sheet.
//!
//! A card is an `article.card`, with its tone as a second class (`good`, `warn`, `bad`). In it, in reading order:
//! headings; `p`; `dl.facts`; `ul.items`, whose remarks are `small`; `div.scroll` around a `table`; `nav.actions` with a
//! list of links; `p.fresh`. Inside text, `code`, `time`, `a` and `span.person`. There are no other classes.

mod inline;

use maud::{Markup, html};

use crate::{Action, Card, Fact, Item, Page, Part, Reader, Table, Tone, limit, words};
use inline::{inline, path};

/// A card as the main content of a page: its title is the page's heading.
pub fn body(card: &Card, reader: &Reader<'_>) -> Markup {
    article(card, reader, Level::Page)
}

/// A card as one section of a page, below the page's heading.
pub fn section(card: &Card, reader: &Reader<'_>) -> Markup {
    article(card, reader, Level::Section)
}

#[derive(Clone, Copy)]
enum Level {
    Page,
    Section,
}

fn article(card: &Card, reader: &Reader<'_>, level: Level) -> Markup {
    let (class, mark) = match card.tone {
        Tone::Neutral => ("card", None),
        Tone::Good => ("card good", None),
        Tone::Warn => ("card warn", Some("Warning: ")),
        Tone::Bad => ("card bad", Some("Problem: ")),
    };
    let title = html! { @if let Some(mark) = mark { (mark) } (limit::line(&card.title)) };
    html! {
        article class=(class) {
            @match level {
                Level::Page => h1 { (title) },
                Level::Section => h2 { (title) },
            }
            @for (index, part) in card.parts.iter().enumerate() {
                (self::part(part, reader, level, &named(card, index)))
            }
            (actions(card, reader))
            @if let Some(text) = &card.freshness { p.fresh { small { (inline(text, reader)) } } }
        }
    }
}

/// What a part is about, for those who cannot see where it stands.
fn named(card: &Card, index: usize) -> String {
    let before =
        card.parts[..index].iter().rev().find_map(|it| if let Part::Heading(words) = it { Some(words) } else { None });
    limit::line(before.unwrap_or(&card.title))
}

fn part(part: &Part, reader: &Reader<'_>, level: Level, name: &str) -> Markup {
    match (part, level) {
        (Part::Heading(words), Level::Page) => html! { h2 { (limit::line(words)) } },
        (Part::Heading(words), Level::Section) => html! { h3 { (limit::line(words)) } },
        (Part::Text(text), _) => html! { p { (inline(text, reader)) } },
        (Part::Facts(facts), _) => self::facts(facts, reader),
        (Part::List(items), _) => self::items(items, reader),
        (Part::Table(table), _) => self::table(table, reader, name),
    }
}

fn facts(facts: &[Fact], reader: &Reader<'_>) -> Markup {
    html! {
        dl.facts {
            @for fact in facts {
                div { dt { (limit::line(&fact.label)) } dd { (inline(&fact.value, reader)) } }
            }
        }
    }
}

fn items(items: &[Item], reader: &Reader<'_>) -> Markup {
    html! {
        ul.items {
            @for item in items {
                li {
                    (inline(&item.text, reader))
                    @if !words::blank(&item.note, reader) { " " small { (inline(&item.note, reader)) } }
                }
            }
        }
    }
}

/// A wide table scrolls by itself, by keyboard too.
fn table(table: &Table, reader: &Reader<'_>, name: &str) -> Markup {
    html! {
        div.scroll role="region" aria-label=(name) tabindex="0" {
            table {
                thead { tr { @for name in &table.head { th scope="col" { (limit::line(name)) } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for at in 0..table.head.len() {
                                td { @if let Some(cell) = row.get(at) { (inline(cell, reader)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Links to the pages that answer what can be asked next. What acts or asks back is not drawn: the reader of a page is
/// anonymous.
fn actions(card: &Card, reader: &Reader<'_>) -> Markup {
    let links: Vec<(&String, &Page)> = card.actions.iter().filter_map(page).collect();
    html! {
        @if !links.is_empty() {
            nav.actions aria-label="Next" {
                ul { @for (label, page) in links { li { a href=(path(page, reader)) { (limit::line(label)) } } } }
            }
        }
    }
}

fn page(action: &Action) -> Option<(&String, &Page)> {
    match action {
        Action::Read { label, ask, .. } => ask.page.as_ref().map(|it| (label, it)),
        Action::Act { .. } | Action::Form { .. } => None,
    }
}
