//! The content of a card as embeds, as far as a message has room.

use serde_json::{Value, json};

use super::limits;
use super::markdown::{harmless, link, markdown, words_only};
use crate::{Fact, Item, Part, Reader, Table, limit, terminal, words};

/// A value up to this long may stand beside others.
const INLINE: usize = 40;

/// Columns of a code block that no window breaks.
const TABLE_WIDTH: usize = 56;

/// Kept free at the end of each description for the line that says how much was left out.
const OVERFLOW: usize = 400;

/// The longest paragraph.
const PARAGRAPH: usize = limits::DESCRIPTION - OVERFLOW - 10;

/// Embeds, and the characters that are left for more.
pub(super) struct Embeds<'a> {
    reader: &'a Reader<'a>,
    link: Option<String>,
    embeds: Vec<Embed>,
    room: usize,
    left_out: usize,
    after_heading: bool,
}

#[derive(Default)]
struct Embed {
    description: String,
    fields: Vec<Value>,
}

impl<'a> Embeds<'a> {
    /// Nothing yet, with so many characters to fill.
    pub(super) fn new(reader: &'a Reader<'a>, link: Option<String>, room: usize) -> Self {
        /// An address longer than this would eat the room of the content.
        const LONGEST: usize = 300;
        let link = link.filter(|it| limit::units(it) <= LONGEST);
        let reserved = overflow(usize::MAX, link.as_deref());
        let room = room - limit::units(&reserved) - 1;
        Self { reader, link, embeds: vec![Embed::default()], room, left_out: 0, after_heading: false }
    }

    /// Adds a part.
    pub(super) fn part(&mut self, part: &Part) {
        match part {
            Part::Heading(words) => self.paragraph(&format!("**{}**", name(words)), 1),
            Part::Text(text) => self.paragraph(&markdown(text, self.reader, PARAGRAPH), 1),
            Part::Facts(facts) => facts.iter().for_each(|it| self.fact(it)),
            Part::List(items) => items.iter().for_each(|it| self.item(it)),
            Part::Table(table) => self.table(table),
        }
        self.after_heading = matches!(part, Part::Heading(_));
    }

    /// The embeds, each without what marks the message as a whole.
    pub(super) fn end(mut self) -> Vec<Value> {
        if self.left_out > 0 {
            let line = overflow(self.left_out, self.link.as_deref());
            let below_fields = self.embeds.last().is_some_and(|it| !it.fields.is_empty());
            if below_fields && self.embeds.len() < limits::EMBEDS {
                self.embeds.push(Embed::default());
            }
            if let Some(embed) = self.embeds.last_mut() {
                embed.push(&line);
            }
        }
        let embeds = self.embeds.into_iter().enumerate();
        embeds.filter(|(index, it)| *index == 0 || !it.is_empty()).map(|(_, it)| it.json()).collect()
    }

    fn fact(&mut self, fact: &Fact) {
        let name = name(&fact.label);
        let value = markdown(&fact.value, self.reader, limits::FIELD_VALUE);
        let value = if value.trim().is_empty() { "–".into() } else { value };
        let size = limit::units(&name) + limit::units(&value);
        let beside = limit::units(&words::of(&fact.value, self.reader)) <= INLINE;
        if self.left_out > 0 || size > self.room {
            self.left_out += 1;
            return;
        }
        match self.embeds.last_mut().filter(|it| it.fields.len() < limits::FIELDS) {
            Some(embed) => {
                self.room -= size;
                embed.fields.push(json!({ "name": name, "value": value, "inline": beside }));
            }
            None => self.line(&format!("**{name}:** {value}"), 1),
        }
    }

    fn item(&mut self, item: &Item) {
        let mut line = format!("- {}", indented(&markdown(&item.text, self.reader, limits::FIELD_VALUE)));
        if !words::blank(&item.note, self.reader) {
            line.push_str(" – ");
            line.push_str(&indented(&markdown(&item.note, self.reader, limits::FIELD_VALUE)));
        }
        self.line(&line, 1);
    }

    /// A table in a code block, where no markup is known but its end.
    fn table(&mut self, table: &Table) {
        const FENCE: usize = 10;
        let max = self.room.min(PARAGRAPH).saturating_sub(FENCE);
        if self.left_out > 0 || table.head.is_empty() {
            self.left_out += table.rows.len();
            return;
        }
        // Breaking pings takes characters too.
        let (text, rest) = terminal::plain_table(table, self.reader, TABLE_WIDTH, max * 9 / 10);
        if !text.is_empty() {
            let text = harmless(&text.replace('`', "ˋ"));
            self.paragraph(&format!("```\n{text}```"), table.rows.len() - rest);
        }
        self.left_out += rest;
    }

    /// Adds a line after an empty one, or right below its heading.
    fn paragraph(&mut self, text: &str, stands_for: usize) {
        let gap = self.embeds.last().is_some_and(|it| !it.description.is_empty() && it.fields.is_empty());
        let text = if gap && !self.after_heading { format!("\n{text}") } else { text.to_string() };
        self.line(&text, stands_for);
    }

    /// Adds a line below what is there; below fields that is a new embed.
    fn line(&mut self, line: &str, stands_for: usize) {
        if line.trim().is_empty() {
            return;
        }
        let size = limit::units(line) + 1;
        let fits = self.embeds.last().is_some_and(|it| it.fields.is_empty() && it.fits(line));
        if self.left_out > 0 || size > self.room || (!fits && self.embeds.len() == limits::EMBEDS) {
            self.left_out += stands_for;
            return;
        }
        if !fits {
            self.embeds.push(Embed::default());
        }
        self.room -= size;
        if let Some(embed) = self.embeds.last_mut() {
            embed.push(line);
        }
    }
}

impl Embed {
    fn fits(&self, line: &str) -> bool {
        limit::units(&self.description) + 1 + limit::units(line) <= limits::DESCRIPTION - OVERFLOW
    }

    fn push(&mut self, line: &str) {
        if !self.description.is_empty() {
            self.description.push('\n');
        }
        self.description.push_str(line);
    }

    fn is_empty(&self) -> bool {
        self.description.is_empty() && self.fields.is_empty()
    }

    fn json(self) -> Value {
        let mut embed = json!({});
        if !self.description.is_empty() {
            embed["description"] = self.description.into();
        }
        if !self.fields.is_empty() {
            embed["fields"] = self.fields.into();
        }
        embed
    }
}

fn overflow(count: usize, url: Option<&str>) -> String {
    let words = words::more(count);
    url.map_or_else(|| words.clone(), |it| link(&words, it))
}

/// A name in a line; Discord wants a character.
fn name(words: &str) -> String {
    let name = words_only(words, limits::FIELD_NAME);
    if name.is_empty() { "…".into() } else { name }
}

/// Further lines of an item, moved in so that they stay in it.
fn indented(text: &str) -> String {
    text.replace('\n', "\n  ")
}
