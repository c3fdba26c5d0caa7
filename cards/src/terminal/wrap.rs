//! Breaking text into lines by the columns that it takes on a screen.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::ink::Piece;

/// Pieces beside each other on one line.
pub(super) type Line = Vec<Piece>;

/// The lines of a text, each at most `width` columns wide unless something solid is wider.
pub(super) fn wrap(pieces: &[Piece], width: usize) -> Vec<Line> {
    whole(pieces, width).map_or_else(|| by_word(pieces, width), |line| vec![line])
}

fn by_word(pieces: &[Piece], width: usize) -> Vec<Line> {
    let mut wrapped = Wrapped { width: width.max(2), lines: vec![Line::new()], used: 0, space: None };
    for word in words(pieces) {
        match word {
            Word::Break => wrapped.next_line(),
            Word::Space(piece) => wrapped.space = Some(piece),
            Word::Run(run) => wrapped.run(run),
        }
    }
    wrapped.lines
}

/// The pieces as one line, where it is seen at once that they are one, as most are.
fn whole(pieces: &[Piece], width: usize) -> Option<Line> {
    let (mut line, mut used, mut after_space) = (Line::new(), 0, true);
    for piece in pieces.iter().filter(|it| !it.text.is_empty()) {
        // Only these characters are surely a column wide; spaces are counted by those who break lines.
        if !piece.text.bytes().all(|it| it.is_ascii_graphic() || it == b' ') {
            return None;
        }
        used += piece.text.len();
        let (first, twice) = (piece.text.starts_with(' '), piece.text.contains("  "));
        if used > width || !piece.solid && (twice || first && after_space) {
            return None;
        }
        after_space = !piece.solid && piece.text.ends_with(' ');
        match line.last_mut() {
            Some(last) if last.ink == piece.ink => last.text.push_str(&piece.text),
            _ => line.push(piece.clone()),
        }
    }
    (!after_space && !line.is_empty()).then_some(line)
}

/// Columns that a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// Columns that a line takes.
pub(super) fn line_columns(line: &[Piece]) -> usize {
    line.iter().map(|it| columns(&it.text)).sum()
}

enum Word {
    Break,
    Space(Piece),
    Run(Vec<Piece>),
}

/// Runs without space inside, which may go through several pieces, and what separates them.
fn words(pieces: &[Piece]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut run = Vec::new();
    for piece in pieces {
        if piece.solid {
            run.push(piece.clone());
            continue;
        }
        for (index, line) in piece.text.split('\n').enumerate() {
            if index > 0 {
                end(&mut run, &mut words);
                words.push(Word::Break);
            }
            for (index, part) in line.split(' ').enumerate() {
                if index > 0 {
                    end(&mut run, &mut words);
                    words.push(Word::Space(Piece::new(" ", piece.ink)));
                }
                if !part.is_empty() {
                    run.push(Piece::new(part, piece.ink));
                }
            }
        }
    }
    end(&mut run, &mut words);
    words
}

fn end(run: &mut Vec<Piece>, words: &mut Vec<Word>) {
    if !run.is_empty() {
        words.push(Word::Run(std::mem::take(run)));
    }
}

struct Wrapped {
    width: usize,
    lines: Vec<Line>,
    used: usize,
    space: Option<Piece>,
}

impl Wrapped {
    fn next_line(&mut self) {
        self.lines.push(Line::new());
        self.used = 0;
        self.space = None;
    }

    fn run(&mut self, run: Vec<Piece>) {
        let needed = line_columns(&run);
        let space = self.space.take().filter(|_| self.used > 0);
        if self.used > 0 && self.used + usize::from(space.is_some()) + needed > self.width {
            self.next_line();
        } else if let Some(space) = space {
            self.put(space);
        }
        for piece in run {
            if piece.solid || self.used + columns(&piece.text) <= self.width {
                self.put(piece);
            } else {
                self.split(&piece);
            }
        }
    }

    /// Puts a piece that is wider than the rest of the line, broken between graphemes.
    fn split(&mut self, piece: &Piece) {
        let mut part = String::new();
        for grapheme in piece.text.graphemes(true) {
            let needed = columns(grapheme);
            // A grapheme wider than any line cannot be shown; scripts that stack many letters in one have such.
            if needed > self.width {
                continue;
            }
            if self.used + columns(&part) + needed > self.width {
                self.put(Piece::new(std::mem::take(&mut part), piece.ink));
                self.next_line();
            }
            part.push_str(grapheme);
        }
        self.put(Piece::new(part, piece.ink));
    }

    fn put(&mut self, piece: Piece) {
        self.used += columns(&piece.text);
        let Some(line) = self.lines.last_mut() else { return };
        match line.last_mut() {
            Some(last) if last.ink == piece.ink => last.text.push_str(&piece.text),
            _ => line.push(piece),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ink::{Ink, paint};
    use super::*;

    #[test]
    fn what_fits_as_it_is_reads_the_same_as_what_is_put_word_by_word() {
        let texts = ["ab", " ab", "ab ", "a b", "a  b", " ", "", "a\tb", "ä b"];
        for (one, other) in texts.iter().flat_map(|one| texts.iter().map(move |other| (one, other))) {
            for solid in [false, true] {
                let pieces = [
                    Piece { text: one.to_string(), ink: Ink::Bold, solid: false },
                    Piece { text: other.to_string(), ink: Ink::Code, solid },
                ];
                let Some(line) = whole(&pieces, 80) else { continue };
                let words = by_word(&pieces, 80);
                assert_eq!((words.len(), paint(&words[0], true)), (1, paint(&line, true)), "{one:?} {other:?} {solid}");
            }
        }
    }
}
