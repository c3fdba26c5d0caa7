//! Rows and columns that fit the width.

use super::ink::{Ink, Piece, pieces, terse};
use super::wrap::{Line, columns, line_columns, wrap};
use super::{indent, print};
use crate::{Reader, Table, Text, limit, words};

/// Between two columns.
const GAP: usize = 2;

/// No column is squeezed below this.
const NARROWEST: usize = 6;

/// Words up to this long are not broken to squeeze their column.
const WORD: usize = 24;

/// The lines of a table: in columns where they fit, else each row as labels with values.
pub(super) fn lines(table: &Table, reader: &Reader<'_>, width: usize) -> Vec<Line> {
    if table.head.is_empty() {
        return Vec::new();
    }
    let head: Vec<Vec<Piece>> = table.head.iter().map(|it| vec![Piece::new(limit::line(it), Ink::Bold)]).collect();
    let rows: Vec<Vec<Vec<Piece>>> = table
        .rows
        .iter()
        .map(|row| (0..head.len()).map(|at| row.get(at).map(|it| terse(it, reader)).unwrap_or_default()).collect())
        .collect();
    match widths(&head, &rows, width) {
        Some(widths) => in_columns(&head, &rows, &widths),
        None => {
            let records = table.rows.iter().map(|it| record(table, it, reader, width)).collect::<Vec<_>>();
            records.join(&Line::new())
        }
    }
}

/// A table in plain text for a platform that has none, in at most `max` characters, and how many rows it lacks.
pub(crate) fn plain(table: &Table, reader: &Reader<'_>, width: usize, max: usize) -> (String, usize) {
    /// Of a cell; more would push the other rows out.
    const CELL: usize = 120;
    // Three characters are less than any row takes.
    let rows = table.rows.iter().take(max / 3).map(|row| {
        let cells = row.iter().map(|it| limit::fit(&limit::line(&words::of(it, reader)), CELL, limit::raw).text);
        cells.map(Text::plain).collect()
    });
    let mut shown = Table { head: table.head.clone(), rows: rows.collect() };
    let mut text = print(&lines(&shown, reader, width), false);
    while limit::units(&text) > max && !shown.rows.is_empty() {
        // In proportion, but by one at least: a row less may narrow the columns.
        let keep = shown.rows.len() * max / limit::units(&text);
        shown.rows.truncate(keep.min(shown.rows.len() - 1));
        text = print(&lines(&shown, reader, width), false);
    }
    let rest = table.rows.len() - shown.rows.len();
    (if shown.rows.is_empty() { String::new() } else { text }, rest)
}

/// The widths of the columns, the widest squeezed until all fit; none where they cannot.
fn widths(head: &[Vec<Piece>], rows: &[Vec<Vec<Piece>>], width: usize) -> Option<Vec<usize>> {
    let natural = |at: usize| {
        let cells = rows.iter().map(|row| natural_columns(&row[at])).chain([line_columns(&head[at])]);
        cells.max().unwrap_or(0).max(1)
    };
    let mut widths: Vec<usize> = (0..head.len()).map(natural).collect();
    let available = width.checked_sub(GAP * (head.len() - 1))?;
    let floors: Vec<usize> = widths.iter().enumerate().map(|(at, it)| floor(rows, at).min(*it)).collect();
    // The highest cap under which the sum fits squeezes the widest columns and leaves the others alone.
    let capped = |cap: usize| widths.iter().zip(&floors).map(move |(it, floor)| (*it).min(cap).max(*floor));
    let cap = (1..=available).rev().find(|it| capped(*it).sum::<usize>() <= available)?;
    let mut spare = available - capped(cap).sum::<usize>();
    let squeezed: Vec<usize> = capped(cap).collect();
    for (width, squeezed) in widths.iter_mut().zip(squeezed) {
        let grown = (*width).min(squeezed + spare);
        spare -= grown - squeezed;
        *width = grown;
    }
    Some(widths)
}

/// The least width of a column: that of its longest word, within reason.
fn floor(rows: &[Vec<Vec<Piece>>], at: usize) -> usize {
    let words = rows.iter().map(|row| longest(&row[at], |it| it.split([' ', '\n']).map(columns).max()));
    words.max().unwrap_or(0).clamp(NARROWEST, WORD)
}

fn natural_columns(cell: &[Piece]) -> usize {
    longest(cell, |it| it.split('\n').map(columns).max())
}

fn longest(cell: &[Piece], measure: impl Fn(&str) -> Option<usize>) -> usize {
    let text: String = cell.iter().map(|it| it.text.as_str()).collect();
    measure(&text).unwrap_or(0)
}

fn in_columns(head: &[Vec<Piece>], rows: &[Vec<Vec<Piece>>], widths: &[usize]) -> Vec<Line> {
    let rule: Vec<Vec<Piece>> = widths.iter().map(|it| vec![Piece::new("─".repeat(*it), Ink::Dim)]).collect();
    let mut lines = row_lines(head, widths);
    lines.extend(row_lines(&rule, widths));
    lines.extend(rows.iter().flat_map(|it| row_lines(it, widths)));
    lines
}

fn row_lines(cells: &[Vec<Piece>], widths: &[usize]) -> Vec<Line> {
    let cells: Vec<Vec<Line>> = cells.iter().zip(widths).map(|(cell, width)| wrap(cell, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    (0..height).map(|at| row_line(&cells, widths, at)).collect()
}

fn row_line(cells: &[Vec<Line>], widths: &[usize], at: usize) -> Line {
    let mut line = Line::new();
    let mut owed = 0;
    for (cell, width) in cells.iter().zip(widths) {
        let pieces = cell.get(at).cloned().unwrap_or_default();
        let used = line_columns(&pieces);
        if used > 0 {
            line.push(Piece::new(" ".repeat(owed), Ink::Normal));
            line.extend(pieces);
            owed = 0;
        }
        owed += width.saturating_sub(used) + GAP;
    }
    line
}

fn record(table: &Table, row: &[Text], reader: &Reader<'_>, width: usize) -> Vec<Line> {
    let cells = table.head.iter().zip(row).filter(|(_, it)| !words::blank(it, reader));
    cells
        .flat_map(|(name, value)| {
            let label = Piece::new(format!("{}: ", limit::line(name)), Ink::Dim);
            let mut lines = wrap(&[vec![label], pieces(value, reader, Ink::Normal)].concat(), width - 2).into_iter();
            lines.next().into_iter().chain(lines.map(|it| indent(2, it))).collect::<Vec<_>>()
        })
        .collect()
}
