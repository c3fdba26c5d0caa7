//! The content of a card as blocks, as far as a message has room.

use serde_json::{Value, json};

use super::size::size;
use super::{inline, limits, table};
use crate::{Card, Fact, Item, Part, Reader, Text, limit, words};

/// Room for the line that says how much was left out, its address included.
const OVERFLOW: usize = 400;

/// Blocks, and the room that is left for more.
pub(super) struct Body<'a> {
    reader: &'a Reader<'a>,
    link: Option<String>,
    blocks: Vec<Value>,
    slots: usize,
    room: usize,
    heading: Option<&'a str>,
    has_table: bool,
    left_out: usize,
}

/// The blocks of a card's parts, in at most so many blocks and bytes.
pub(super) fn blocks(card: &Card, reader: &Reader<'_>, slots: usize, room: usize) -> Vec<Value> {
    gathered(card, reader, (slots, room), false)
}

/// The same without tables, which only messages take: <https://docs.slack.dev/reference/block-kit/blocks/table-block/>.
pub(super) fn listed(card: &Card, reader: &Reader<'_>, slots: usize, room: usize) -> Vec<Value> {
    gathered(card, reader, (slots, room), true)
}

fn gathered(card: &Card, reader: &Reader<'_>, (slots, room): (usize, usize), has_table: bool) -> Vec<Value> {
    // A longer address would eat the room of the content; the button below carries it all the same.
    let link = card.link.as_ref().map(|it| it.join(reader.public)).filter(|it| it.len() <= OVERFLOW - 150);
    let (slots, room) = (slots.saturating_sub(1), room.saturating_sub(OVERFLOW));
    let mut body = Body { reader, link, blocks: Vec::new(), slots, room, heading: None, has_table, left_out: 0 };
    for part in &card.parts {
        body.part(part);
    }
    body.end()
}

impl<'a> Body<'a> {
    fn part(&mut self, part: &'a Part) {
        match part {
            Part::Heading(words) => {
                self.lone_heading();
                self.heading = Some(words);
            }
            Part::Text(text) => self.text(text),
            Part::Facts(facts) => self.facts(facts),
            Part::List(items) => self.list(items.iter().map(|it| item(it, self.reader))),
            Part::Table(table) => match table::block(table, self.reader, self.has_table, self.room) {
                Some((block, rest)) => {
                    self.lone_heading();
                    self.has_table = true;
                    self.push(block, 1);
                    self.more(rest);
                }
                None => self.list(table.rows.iter().map(|it| table::record(&table.head, it, self.reader))),
            },
        }
    }

    fn text(&mut self, text: &Text) {
        let elements = inline::elements(text, self.reader, limits::TEXT);
        if words::blank(text, self.reader) {
            return;
        }
        let elements = self.headed().into_iter().flatten().chain(elements).collect();
        self.push(inline::block(vec![inline::section(elements)]), 1);
    }

    fn facts(&mut self, facts: &[Fact]) {
        let reader = self.reader;
        let heading: Vec<Value> = self.headed().into_iter().flatten().collect();
        let lines = facts.iter().map(|it| line(it, reader)).filter(|it| !it.is_empty());
        let (lines, rest) = self.take(facts.len(), lines);
        if !lines.is_empty() {
            let mut elements: Vec<Value> = heading.into_iter().chain(lines.into_iter().flatten()).collect();
            // Each line ends with a break, which the last one does not need.
            elements.pop();
            self.push_paid(inline::block(vec![inline::section(elements)]));
        }
        self.left_out += rest;
    }

    fn list(&mut self, items: impl ExactSizeIterator<Item = Vec<Value>>) {
        let heading = self.heading.take().map(bold);
        let (items, rest) = self.take(items.len(), items);
        if !items.is_empty() {
            let items: Vec<Value> = items.into_iter().map(inline::section).collect();
            let list = json!({ "type": "rich_text_list", "style": "bullet", "elements": items });
            let heading = heading.map(|it| inline::section(vec![it]));
            self.push_paid(inline::block(heading.into_iter().chain([list]).collect()));
        }
        self.left_out += rest;
    }

    /// As many of these as there is room for, and how many are left.
    fn take(&mut self, count: usize, values: impl Iterator<Item = Vec<Value>>) -> (Vec<Vec<Value>>, usize) {
        /// Of the block and list around them, heading included.
        const FRAME: usize = 1_000;
        /// Around each of them.
        const SECTION: usize = 50;
        let mut taken = Vec::new();
        if self.full() || self.room < FRAME {
            return (taken, count);
        }
        let mut room = self.room - FRAME;
        for (index, value) in values.enumerate() {
            let size = SECTION + value.iter().map(|it| size(it) + 1).sum::<usize>();
            if size > room {
                self.room = 0;
                return (taken, count - index);
            }
            room -= size;
            taken.push(value);
        }
        self.room = room;
        (taken, 0)
    }

    fn push(&mut self, block: Value, stands_for: usize) {
        let size = size(&block) + 1;
        if self.full() || size > self.room {
            self.room = 0;
            self.left_out += stands_for;
            return;
        }
        self.room -= size;
        self.push_paid(block);
    }

    fn push_paid(&mut self, block: Value) {
        self.slots -= 1;
        self.blocks.push(block);
    }

    /// Nothing follows what was left out, or its order would mislead.
    fn full(&self) -> bool {
        self.slots == 0 || self.left_out > 0
    }

    fn headed(&mut self) -> Option<[Value; 2]> {
        self.heading.take().map(|it| [bold(it), inline::plain("\n")])
    }

    fn lone_heading(&mut self) {
        if let Some(words) = self.heading.take() {
            self.push(inline::block(vec![inline::section(vec![bold(words)])]), 1);
        }
    }

    fn more(&mut self, count: usize) {
        if count > 0 {
            self.push(overflow(count, self.link.clone()), count);
        }
    }

    fn end(mut self) -> Vec<Value> {
        self.lone_heading();
        if self.left_out > 0 {
            self.blocks.push(overflow(self.left_out, self.link));
        }
        self.blocks
    }
}

fn overflow(count: usize, link: Option<String>) -> Value {
    let words = words::more(count);
    inline::block(vec![inline::section(vec![match link {
        Some(url) => inline::link(words, url),
        None => inline::plain(words),
    }])])
}

/// A heading in bold; one that says nothing must still be a character long.
fn bold(words: &str) -> Value {
    let words = limit::line(words);
    let words = if words.is_empty() { "…" } else { &words };
    inline::bold(limit::fit(words, limits::HEADER, limit::raw).text)
}

fn line(fact: &Fact, reader: &Reader<'_>) -> Vec<Value> {
    let value = inline::elements(&fact.value, reader, limits::TEXT);
    let label = limit::fit(&limit::line(&fact.label), limits::HEADER, limit::raw).text;
    if value.is_empty() {
        return value;
    }
    let label = (!label.is_empty()).then(|| [inline::bold(format!("{label}:")), inline::plain(" ")]);
    label.into_iter().flatten().chain(value).chain([inline::plain("\n")]).collect()
}

fn item(item: &Item, reader: &Reader<'_>) -> Vec<Value> {
    let mut elements = inline::elements(&item.text, reader, limits::TEXT);
    if elements.is_empty() {
        elements.push(inline::plain("–"));
    }
    if !words::blank(&item.note, reader) {
        elements.push(inline::plain(" – "));
        elements.extend(inline::elements(&item.note, reader, limits::TEXT));
    }
    elements
}
