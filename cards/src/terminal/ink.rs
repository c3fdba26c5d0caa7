//! Pieces of text and how they are coloured.

use super::wrap::columns;
use crate::{Reader, Span, Target, Text, words};

/// How a piece stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Normal,
    Bold,
    Dim,
    Code,
    Link,
    Good,
    Warn,
    Bad,
}

/// Text in one ink.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) ink: Ink,
    /// Whether it stays in one run even where it is wider than the line: an address to click or a command to copy.
    pub(super) solid: bool,
}

impl Piece {
    pub(super) fn new(text: impl Into<String>, ink: Ink) -> Self {
        Self { text: text.into(), ink, solid: false }
    }

    pub(super) fn solid(text: impl Into<String>, ink: Ink) -> Self {
        Self { text: text.into(), ink, solid: true }
    }
}

/// The pieces of a text; the addresses of other sites follow their labels, our own pages are told by their labels.
pub(super) fn pieces(text: &Text, reader: &Reader<'_>, ink: Ink) -> Vec<Piece> {
    text.0.iter().flat_map(|it| of_span(it, reader, ink)).collect()
}

/// The pieces of a text where addresses would take the room of what matters.
pub(super) fn terse(text: &Text, reader: &Reader<'_>) -> Vec<Piece> {
    text.0.iter().map(|it| Piece::new(words::of_span(it, reader), own(it, Ink::Normal))).collect()
}

/// A line as it is printed.
pub(super) fn paint(line: &[Piece], colour: bool) -> String {
    let paint = |it: &Piece| match (colour, parameters(it.ink)) {
        (true, Some(code)) if !it.text.is_empty() => format!("\u{1b}[{code}m{}\u{1b}[0m", it.text),
        _ => it.text.clone(),
    };
    line.iter().map(paint).collect()
}

fn of_span(span: &Span, reader: &Reader<'_>, ink: Ink) -> Vec<Piece> {
    let words = words::of_span(span, reader);
    let label = Piece::new(words.clone(), own(span, ink));
    match span {
        Span::Link { target: Target::Site(site), .. } if site.as_str() == words => {
            vec![Piece::solid(words, Ink::Link)]
        }
        Span::Link { target: Target::Site(site), .. } => {
            vec![label, Piece::new(" ", ink), Piece::solid(format!("({})", site.as_str()), Ink::Dim)]
        }
        Span::Code(_) => vec![code(words)],
        _ => vec![label],
    }
}

/// What is there to be copied stays in one run, so that nothing is lost on the way; only the monstrous is broken.
fn code(words: String) -> Piece {
    match columns(&words) {
        0..=LONGEST_CODE => Piece::solid(words, Ink::Code),
        _ => Piece::new(words, Ink::Code),
    }
}

const LONGEST_CODE: usize = 100;

fn own(span: &Span, ink: Ink) -> Ink {
    match span {
        Span::Code(_) => Ink::Code,
        Span::Link { .. } => Ink::Link,
        Span::Plain(_) | Span::Person { .. } | Span::Time { .. } => ink,
    }
}

/// The parameters of an SGR sequence. <https://www.ecma-international.org/publications-and-standards/standards/ecma-48/>
fn parameters(ink: Ink) -> Option<&'static str> {
    match ink {
        Ink::Normal => None,
        Ink::Bold => Some("1"),
        Ink::Dim => Some("2"),
        Ink::Code => Some("36"),
        Ink::Link => Some("4"),
        Ink::Good => Some("1;32"),
        Ink::Warn => Some("1;33"),
        Ink::Bad => Some("1;31"),
    }
}
