//! Tables: Slack's own block where it takes them, else one list item for each row.

use serde_json::{Value, json};

use super::size::size;
use super::{inline, limits};
use crate::{Reader, Span, Table, Text, limit, words};

/// What stands in an empty cell, since Slack wants a character.
const EMPTY: &str = "–";

/// The block of a table and how many rows it lacks; none where Slack would refuse it. A message may hold one table.
/// <https://docs.slack.dev/reference/block-kit/blocks/table-block/>
pub(super) fn block(table: &Table, reader: &Reader<'_>, has_one: bool, room: usize) -> Option<(Value, usize)> {
    let columns = table.head.len();
    if has_one || columns == 0 || columns > limits::TABLE_COLUMNS || table.rows.is_empty() {
        return None;
    }
    let head: Vec<Value> = table.head.iter().map(|it| raw(&limit::line(it))).collect();
    // The frame and the settings of each column.
    let mut room = room.checked_sub(100 + columns * 25 + size(&head))?;
    let mut text = limits::TABLE_TEXT.checked_sub(table.head.iter().map(|it| limit::units(it)).sum())?;
    let mut rows = vec![Value::from(head)];
    for row in table.rows.iter().take(limits::TABLE_ROWS - 1) {
        let filled = row.iter().map(Some).chain(std::iter::repeat(None)).take(columns);
        let cells = Value::from_iter(filled.map(|it| it.map_or_else(|| raw(""), |it| cell(it, reader))));
        let said = row.iter().take(columns).map(|it| limit::units(&words::of(it, reader)).clamp(1, limits::TABLE_CELL));
        let (size, said) = (size(&cells) + 1, said.sum::<usize>().max(columns));
        if size > room || said > text {
            break;
        }
        (room, text) = (room - size, text - said);
        rows.push(cells);
    }
    let rest = table.rows.len() - (rows.len() - 1);
    // With no row shown a table says nothing that a count could not.
    (rows.len() > 1).then(|| {
        let settings = vec![json!({ "is_wrapped": true }); columns];
        (json!({ "type": "table", "column_settings": settings, "rows": rows }), rest)
    })
}

/// A row as the words of a list item: the first cell stands out, the others follow with their columns' names.
pub(super) fn record(head: &[String], row: &[Text], reader: &Reader<'_>) -> Vec<Value> {
    let cells = row.iter().zip(head).filter(|(it, _)| !words::blank(it, reader));
    let mut elements = Vec::new();
    for (index, (cell, name)) in cells.take(limits::TABLE_COLUMNS).enumerate() {
        if index > 0 {
            let name = limit::fit(&limit::line(name), limits::HEADER, limit::raw).text;
            elements.push(inline::plain(format!(" · {name}: ")));
        }
        elements.extend(inline::elements(cell, reader, limits::TABLE_CELL));
    }
    if elements.is_empty() {
        elements.push(inline::plain(EMPTY));
    }
    elements
}

fn cell(text: &Text, reader: &Reader<'_>) -> Value {
    if words::blank(text, reader) || text.0.iter().all(|it| matches!(it, Span::Plain(_))) {
        return raw(&limit::line(&words::of(text, reader)));
    }
    inline::block(vec![inline::section(inline::elements(text, reader, limits::TABLE_CELL))])
}

fn raw(words: &str) -> Value {
    let words = if words.is_empty() { EMPTY } else { words };
    json!({ "type": "raw_text", "text": limit::fit(words, limits::TABLE_CELL, limit::raw).text })
}
