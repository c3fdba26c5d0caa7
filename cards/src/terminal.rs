//! Cards as text for a terminal, for scripts' readers, and for the plain text beside Slack's blocks.

mod ink;
mod next;
mod part;
mod table;
mod wrap;

use ink::{Ink, Piece, paint, pieces};
pub(crate) use table::plain as plain_table;
use wrap::{Line, wrap};

use crate::{Card, Part, Reader, Tone, limit};

/// How text is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether colours may be used; without them no escape sequence is printed.
    pub colour: bool,
    /// Columns of a line; fewer than [`Style::NARROWEST`] are taken for that many.
    pub width: usize,
}

impl Style {
    /// The fewest columns that can be laid out.
    pub const NARROWEST: usize = 20;
}

/// A card as lines of text. Addresses and commands are never broken, everything else keeps to the width.
pub fn text(card: &Card, reader: &Reader<'_>, style: Style) -> String {
    let width = style.width.max(Style::NARROWEST);
    let mut groups = vec![title(card, width)];
    let mut after_heading = false;
    for part in &card.parts {
        let lines = part::lines(part, reader, width);
        match groups.last_mut() {
            Some(group) if after_heading => group.extend(lines),
            _ => groups.push(lines),
        }
        after_heading = matches!(part, Part::Heading(_));
    }
    groups.extend([next::lines(card, width), foot(card, reader, width)]);
    let groups = groups.iter().filter(|it| it.iter().any(|it| !it.is_empty()));
    groups.map(|it| print(it, style.colour)).collect::<Vec<_>>().join("\n")
}

fn title(card: &Card, width: usize) -> Vec<Line> {
    let (mark, ink) = match card.tone {
        Tone::Neutral => ("", Ink::Bold),
        Tone::Good => ("✓ ", Ink::Good),
        Tone::Warn => ("! ", Ink::Warn),
        Tone::Bad => ("✗ ", Ink::Bad),
    };
    wrap(&[Piece::new(mark, ink), Piece::new(limit::line(&card.title), ink)], width)
}

fn foot(card: &Card, reader: &Reader<'_>, width: usize) -> Vec<Line> {
    let freshness = card.freshness.iter().flat_map(|it| wrap(&pieces(it, reader, Ink::Dim), width));
    let link = card.link.iter().map(|it| vec![Piece::solid(it.join(reader.public), Ink::Link)]);
    freshness.chain(link).collect()
}

fn indent(by: usize, line: Line) -> Line {
    if line.is_empty() { line } else { [Piece::new(" ".repeat(by), Ink::Normal)].into_iter().chain(line).collect() }
}

fn print(lines: &[Line], colour: bool) -> String {
    let lines = lines.iter().map(|it| paint(it, colour));
    lines.map(|it| format!("{}\n", it.trim_end())).collect()
}
