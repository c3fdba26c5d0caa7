//! Cuts a stream into its documents before any of them is parsed, so that a broken one takes no other with it.
//!
//! `---` and `...` at the beginning of a line end a document whatever it holds, even inside quotes.
//! <https://yaml.org/spec/1.2.2/#rule-c-forbidden>

/// One document of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// Its bytes, with its directives and its first marker.
    pub(super) bytes: &'a [u8],
    /// How many lines of the file come before it.
    pub(super) before: u32,
    /// The line of the file on which its content begins, from 1.
    pub(super) line: u32,
}

/// The documents that hold more than comments.
pub(super) fn pieces(bytes: &[u8]) -> Vec<Piece<'_>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut cut = Cut { bytes, pieces: Vec::new(), start: 0, before: 0, content: None, marked: false };
    let mut at = 0;
    for (number, line) in (0..).zip(bytes.split_inclusive(|it| *it == b'\n')) {
        cut.line(number, at, line);
        at += line.len();
    }
    cut.close(at);
    cut.pieces
}

struct Cut<'a> {
    bytes: &'a [u8],
    pieces: Vec<Piece<'a>>,
    start: usize,
    before: u32,
    content: Option<u32>,
    marked: bool,
}

impl Cut<'_> {
    fn line(&mut self, number: u32, at: usize, line: &[u8]) {
        if is_marker(line, b"---") {
            // A document may begin with directives and comments before its marker.
            if self.marked || self.content.is_some() {
                self.restart(number, at);
            }
            self.marked = true;
            if holds_content(&line[3..], false) {
                self.content = Some(number + 1);
            }
        } else if is_marker(line, b"...") {
            self.restart(number + 1, at + line.len());
        } else if self.content.is_none() && holds_content(line, !self.marked) {
            self.content = Some(number + 1);
        }
    }

    fn restart(&mut self, before: u32, at: usize) {
        self.close(at);
        (self.start, self.before, self.content, self.marked) = (at, before, None, false);
    }

    fn close(&mut self, end: usize) {
        if let Some(line) = self.content.take() {
            self.pieces.push(Piece { bytes: &self.bytes[self.start..end], before: self.before, line });
        }
    }
}

fn is_marker(line: &[u8], marker: &[u8]) -> bool {
    line.strip_prefix(marker).is_some_and(|rest| rest.first().is_none_or(|it| b" \t\r\n".contains(it)))
}

fn holds_content(line: &[u8], directives: bool) -> bool {
    match line.trim_ascii().first() {
        None | Some(b'#') => false,
        Some(b'%') => !directives,
        Some(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> String {
        let piece = |it: &Piece| format!("{}+{}: {:?}", it.before, it.line, String::from_utf8_lossy(it.bytes));
        pieces(text.as_bytes()).iter().map(piece).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn documents_end_at_markers_and_know_their_lines() {
        insta::assert_snapshot!(cut("# x\na: 1\n---\n\nb: 2\n...\n# y\n--- # z\nc: 3"), @r##"
        0+2: "# x\na: 1\n"
        2+5: "---\n\nb: 2\n...\n"
        6+9: "# y\n--- # z\nc: 3"
        "##);
    }

    #[test]
    fn what_holds_only_comments_is_no_document() {
        assert_eq!(cut(""), "");
        assert_eq!(cut("---\n---\n# nothing\n...\n---\n"), "");
        assert_eq!(cut("\u{feff}\n"), "");
    }

    #[test]
    fn directives_belong_to_the_document_after_them() {
        insta::assert_snapshot!(cut("%YAML 1.2\n---\na: 1\n...\n%TAG ! x\n--- b\n"), @r#"
        0+3: "%YAML 1.2\n---\na: 1\n...\n"
        4+6: "%TAG ! x\n--- b\n"
        "#);
    }

    #[test]
    fn a_marker_ends_even_an_open_quote_and_stands_alone() {
        insta::assert_snapshot!(cut("a: \"open\n---\nb: |\n  ---\n----\n---x\r\n---\r\nc: 1\r\n"), @r#"
        0+1: "a: \"open\n"
        1+3: "---\nb: |\n  ---\n----\n---x\r\n"
        6+8: "---\r\nc: 1\r\n"
        "#);
    }

    proptest! {
        #[test]
        fn pieces_lie_in_order_at_their_lines(text in "(---|\\.\\.\\.|a: 1|#|%|\"| |\t|\r|\n|é){0,40}") {
            let mut last = 0;
            for piece in pieces(text.as_bytes()) {
                prop_assert!(last <= piece.before && piece.before < piece.line);
                last = piece.before;
                let line = text.split('\n').nth(piece.line as usize - 1).unwrap_or_default();
                prop_assert!(!line.trim().is_empty());
            }
        }
    }
}
