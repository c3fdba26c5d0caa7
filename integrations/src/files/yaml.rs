//! One YAML document as a JSON value, within limits that hold for any text.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_saphyr::budget::Budget;
use serde_saphyr::localizer::Localizer;
use serde_saphyr::{Error, Location, Options, SnippetMode, UserMessageFormatter};

use super::stream::Piece;

/// What is wrong with a text, and on which line of its file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) line: u32,
    pub(super) reason: String,
}

/// Parses a document; aliases are expanded, up to a size.
pub(super) fn parse<T: DeserializeOwned>(piece: &Piece) -> Result<T, Broken> {
    let text = std::str::from_utf8(piece.bytes).map_err(|error| {
        let before = piece.bytes[..error.valid_up_to()].iter().filter(|it| **it == b'\n').count();
        Broken { line: line(piece, before as u64 + 1), reason: "is not UTF-8 text".to_owned() }
    })?;
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| broken(piece, &error))
}

fn options() -> Options {
    // The limits stop what grows by aliases; a file's own size is limited when it is read.
    let budget: Option<Budget> = serde_saphyr::budget! {
        max_total_scalar_bytes: 8 * 1024 * 1024,
        max_aliases: 1_000,
        max_anchors: 1_000,
        max_depth: 64,
        max_documents: 1,
    };
    serde_saphyr::options! {
        budget: budget,
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 100_000 },
        // As in YAML 1.2: `on` and `no` are words, `1_000` is not a number.
        strict_booleans: true,
        underscored_numbers_as_strings: true,
        // An identifier such as 0123 keeps its zero.
        leading_zero_numbers_as_strings: true,
        with_snippet: false,
    }
}

fn broken(piece: &Piece, error: &Error) -> Broken {
    let formatter = UserMessageFormatter.with_localizer(&WithoutPlace);
    let options = serde_saphyr::render_options! { formatter: &formatter, snippets: SnippetMode::Off };
    let reason: String = match error.render_with_options(options) {
        // What follows are the names and counts of the parser's own limits.
        long if long.starts_with(TOO_MUCH) => {
            "it is too large or too deep, counting what its aliases stand for".to_owned()
        }
        reason => reason.chars().take(MAX_REASON).collect(),
    };
    let line = error.location().filter(|it| *it != Location::UNKNOWN).map_or(piece.line, |it| line(piece, it.line()));
    Broken { line, reason: format!("is not valid YAML: {reason}") }
}

/// The line of the file for a line of the document.
pub(super) fn line(piece: &Piece, line: u64) -> u32 {
    piece.before.saturating_add(u32::try_from(line).unwrap_or(u32::MAX))
}

const TOO_MUCH: &str = "YAML document too large or too complex";

const MAX_REASON: usize = 300;

/// The parser counts lines from the document's beginning, so we tell the place ourselves.
struct WithoutPlace;

impl Localizer for WithoutPlace {
    fn attach_location<'a>(&self, base: Cow<'a, str>, _: Location) -> Cow<'a, str> {
        base
    }

    fn alias_defined_at(&self, _: Location) -> String {
        String::new()
    }

    fn alias_used_at(&self, _: Location) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::files::stream::pieces;

    fn parsed(text: impl AsRef<[u8]>) -> String {
        let show = |it: &Piece| match parse::<Value>(it) {
            Ok(value) => value.to_string(),
            Err(broken) => format!("{}: {}", broken.line, broken.reason),
        };
        pieces(text.as_ref()).iter().map(show).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn scalars_follow_yaml_1_2() {
        insta::assert_snapshot!(parsed("[on, yes, true, 1_000, 017, 1.5, ~, 2024-01-01, 'x', 0x1f]"), @r#"["on","yes",true,"1_000","017",1.5,null,"2024-01-01","x",31]"#);
    }

    #[test]
    fn anchors_aliases_and_merges_are_expanded() {
        insta::assert_snapshot!(parsed("a: &a {x: 1}\nb: *a\nc: {<<: *a, y: 2}\n"), @r#"{"a":{"x":1},"b":{"x":1},"c":{"y":2,"x":1}}"#);
    }

    #[test]
    fn what_is_broken_names_its_line_in_the_file() {
        insta::assert_snapshot!(parsed("a: 1\n---\n\nb: [1\nc: 2\n"), @r#"
        {"a":1}
        5: is not valid YAML: illegal placement of ':' indicator
        "#);
        insta::assert_snapshot!(parsed("a: 1\n---\na: 1\nb: 2\na: 3\n"), @r#"
        {"a":1}
        5: is not valid YAML: duplicate mapping key `a` is not allowed here
        "#);
        insta::assert_snapshot!(parsed("---\na:\n\tb: 1\n"), @"3: is not valid YAML: tabs disallowed within this context (block indentation)");
        insta::assert_snapshot!(parsed("a: 'open\n---\nb: 2"), @r#"
        1: is not valid YAML: unclosed quote
        {"b":2}
        "#);
        insta::assert_snapshot!(parsed("a: *nowhere"), @"1: is not valid YAML: reference to unknown value");
        insta::assert_snapshot!(parsed("? {a: 1}\n: 2"), @"1: is not valid YAML: expected string scalar");
        insta::assert_snapshot!(parsed("a: .nan"), @"1: is not valid YAML: value `.nan` is not a finite number");
        insta::assert_snapshot!(parsed(b"a: 1\n---\nb: 2\nc: \xff\xfe\n"), @r#"
        {"a":1}
        4: is not UTF-8 text
        "#);
    }

    #[test]
    fn bombs_are_refused() {
        let mut laughs = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n".to_owned();
        for level in 1..12 {
            let previous = vec![format!("*a{}", level - 1); 9].join(", ");
            laughs.push_str(&format!("a{level}: &a{level} [{previous}]\n"));
        }
        insta::assert_snapshot!(parsed(&laughs), @"6: is not valid YAML: it is too large or too deep, counting what its aliases stand for");
        let big = format!("a: &a {}\nb: [{}]\n", "x".repeat(1_000_000), vec!["*a"; 90].join(", "));
        insta::assert_snapshot!(parsed(&big), @"2: is not valid YAML: it is too large or too deep, counting what its aliases stand for");
        insta::assert_snapshot!(parsed("[".repeat(100_000)), @"1: is not valid YAML: recursion limit exceeded");
        let block: String = (0..500).map(|it| format!("{}a:\n", " ".repeat(it))).collect();
        insta::assert_snapshot!(parsed(&block), @"65: is not valid YAML: it is too large or too deep, counting what its aliases stand for");
        insta::assert_snapshot!(parsed("a: &a [*a]"), @"1: is not valid YAML: Recursive reference not allowed here");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            parsed(bytes);
        }

        #[test]
        fn any_text_like_yaml_is_read_or_refused(
            text in "([a-z]: |- |\\[|\\]|\\{|\\}|&a|\\*a|!!str |!x |\"|'|\\||>|#|%|---|\\.\\.\\.|<<: |\\? |,|\n|\t| |\\\\x|[0-9]|é|\u{0}){0,60}",
        ) {
            parsed(text);
        }
    }
}
