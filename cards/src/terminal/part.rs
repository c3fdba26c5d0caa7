//! The content of a card as lines.

use super::ink::{Ink, Piece, pieces};
use super::wrap::{Line, columns, wrap};
use super::{indent, table};
use crate::{Fact, Item, Part, Reader, limit, words};

/// The lines of a part.
pub(super) fn lines(part: &Part, reader: &Reader<'_>, width: usize) -> Vec<Line> {
    match part {
        Part::Heading(words) => wrap(&[Piece::new(limit::line(words), Ink::Bold)], width),
        Part::Text(text) => wrap(&pieces(text, reader, Ink::Normal), width),
        Part::Facts(facts) => self::facts(facts, reader, width),
        Part::List(items) => items.iter().flat_map(|it| item(it, reader, width)).collect(),
        Part::Table(table) => table::lines(table, reader, width - 2).into_iter().map(|it| indent(2, it)).collect(),
    }
}

/// Labels in one column, values in the next; a label that is too long for its column has the line for itself.
fn facts(facts: &[Fact], reader: &Reader<'_>, width: usize) -> Vec<Line> {
    let labels: Vec<String> = facts.iter().map(|it| format!("{}:", limit::line(&it.label))).collect();
    let column = labels.iter().map(|it| columns(it)).filter(|it| *it <= width / 3).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (fact, label) in facts.iter().zip(labels) {
        let used = columns(&label);
        let mut values = wrap(&pieces(&fact.value, reader, Ink::Normal), width - column - 4).into_iter();
        if used <= column {
            let label = [Piece::new(label, Ink::Dim), Piece::new(" ".repeat(column - used + 2), Ink::Normal)];
            lines.push(indent(2, label.into_iter().chain(values.next().unwrap_or_default()).collect()));
        } else {
            lines.extend(wrap(&[Piece::new(label, Ink::Dim)], width - 2).into_iter().map(|it| indent(2, it)));
        }
        lines.extend(values.map(|it| indent(column + 4, it)));
    }
    lines
}

fn item(item: &Item, reader: &Reader<'_>, width: usize) -> Vec<Line> {
    let mut text = pieces(&item.text, reader, Ink::Normal);
    if !words::blank(&item.note, reader) {
        text.push(Piece::new(" – ", Ink::Dim));
        text.extend(pieces(&item.note, reader, Ink::Dim));
    }
    let mut lines = wrap(&text, width - 4).into_iter();
    let first = [Piece::new("  • ", Ink::Dim)].into_iter().chain(lines.next().unwrap_or_default()).collect();
    [first].into_iter().chain(lines.map(|it| indent(4, it))).collect()
}
