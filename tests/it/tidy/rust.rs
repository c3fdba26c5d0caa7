//! Rust source, told apart into code and text.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::repository::{FILES, File};

/// A Rust file.
pub(super) struct Rust {
    /// Its path from the root of the repository.
    pub(super) path: &'static str,
    /// Whether it is only there for tests, benchmarks, or for playing other people's services.
    pub(super) excepted: bool,
    /// The source without the tests that it ends with.
    pub(super) shipped: Parsed,
    /// The whole source.
    pub(super) whole: Parsed,
}

/// A source without its comments.
#[derive(Default)]
pub(super) struct Parsed {
    /// Everything else.
    pub(super) written: String,
    /// The same with every literal emptied.
    pub(super) code: String,
    /// What is between the quotes of the literals, with their lines.
    pub(super) literals: Vec<(usize, String)>,
}

/// Every Rust file of the repository.
pub(super) static RUST: LazyLock<Vec<Rust>> = LazyLock::new(|| {
    let sources: Vec<&'static File> = FILES.iter().filter(|it| it.path.ends_with(".rs")).collect();
    let tests: BTreeSet<String> = sources.iter().flat_map(|it| test_modules(&it.path, &it.text)).collect();
    sources.into_iter().map(|it| rust(it, &tests)).collect()
});

/// The files that make the program and its crates, without tests, benchmarks and fakes.
pub(super) fn shipped() -> impl Iterator<Item = &'static Rust> {
    RUST.iter().filter(|it| !it.excepted)
}

fn rust(file: &'static File, tests: &BTreeSet<String>) -> Rust {
    let excepted = file.path.starts_with("tests/")
        || ["/tests/", "/benches/", "/fake/", "/bench/", "/bench.rs"].iter().any(|it| file.path.contains(it))
        || tests.iter().any(|it| file.path == format!("{it}.rs") || file.path.starts_with(&format!("{it}/")));
    Rust { path: &file.path, excepted, shipped: parse(without_tests(&file.text)), whole: parse(&file.text) }
}

/// The text up to the tests that it ends with.
fn without_tests(text: &str) -> &str {
    let inner = text.match_indices("#[cfg(test)]\n").find(|(at, it)| {
        let next = text[at + it.len()..].lines().next().unwrap_or_default();
        next.starts_with("mod ") && next.ends_with('{')
    });
    inner.map_or(text, |(at, _)| &text[..at])
}

/// The modules, as paths without an ending, that a file declares for tests only.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let folder = match path.rsplit_once('/') {
        Some((folder, "lib.rs" | "main.rs" | "mod.rs")) => folder,
        _ => path.trim_end_matches(".rs"),
    };
    let mut lines = text.lines().peekable();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let next = lines.peek().unwrap_or(&"").trim_start_matches("pub(crate) ");
        if line == "#[cfg(test)]"
            && let Some(name) = next.strip_prefix("mod ").and_then(|it| it.strip_suffix(';'))
        {
            found.push(format!("{folder}/{name}"));
        }
    }
    found
}

/// Tells code, literals and comments apart.
pub(super) fn parse(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let (mut rest, mut line) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let inside_a_name = parsed.code.ends_with(|it: char| it.is_alphanumeric() || it == '_');
        let (taken, comment) = comment(rest).map_or((0, false), |it| (it, true));
        let literal = if comment { None } else { literal(rest, inside_a_name) };
        let taken = literal.map_or(taken, |(taken, _)| taken).max(first.len_utf8()).min(rest.len());
        let (piece, after) = rest.split_at(taken);
        let lines = piece.matches('\n').count();
        match literal {
            Some((_, inner)) => {
                parsed.written.push_str(piece);
                parsed.code.push_str("\"\"");
                parsed.code.push_str(&"\n".repeat(lines));
                parsed.literals.push((line, inner.replace("\\\"", "\"")));
            }
            None if comment => parsed.code.push_str(&"\n".repeat(lines)),
            None => {
                parsed.written.push_str(piece);
                parsed.code.push_str(piece);
            }
        }
        (rest, line) = (after, line + lines);
    }
    parsed
}

/// The length of the comment that begins here.
fn comment(text: &str) -> Option<usize> {
    match text {
        _ if text.starts_with("//") => Some(text.find('\n').unwrap_or(text.len())),
        _ if text.starts_with("/*") => Some(text.find("*/").map_or(text.len(), |it| it + 2)),
        _ => None,
    }
}

/// The length of the literal that begins here, and what is between its quotes.
fn literal(text: &str, inside_a_name: bool) -> Option<(usize, &str)> {
    if let Some((open, inner, close)) = raw(text).filter(|_| !inside_a_name) {
        return Some((open + inner.len() + close, inner));
    }
    if text.starts_with('"') {
        let end = closing(text);
        return Some((end + 1, &text[1..end]));
    }
    match character(text) {
        0 => None,
        length => Some((length, &text[1..length - 1])),
    }
}

/// The lengths of the quotes of the raw literal that begins here, and what lies between them.
fn raw(text: &str) -> Option<(usize, &str, usize)> {
    let after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let inner = after[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = inner.find(&close)?;
    Some((text.len() - inner.len(), &inner[..end], close.len()))
}

/// Where the literal that begins with the first character ends.
fn closing(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, it)| {
        let ends = *it == '"' && !escaped;
        escaped = *it == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at)
}

/// The length of the character literal that begins here; zero for a lifetime.
fn character(text: &str) -> usize {
    if !text.starts_with('\'') {
        return 0;
    }
    let mut inner = text.char_indices().skip(1);
    match (inner.next(), inner.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let from = at + escaped.len_utf8();
            text[from..].find('\'').map_or(0, |it| from + it + 1)
        }
        (Some((_, it)), Some((at, '\''))) if it != '\'' => at + 1,
        _ => 0,
    }
}

#[test]
fn code_and_text_are_told_apart() {
    let source =
        "let a = \"x \\\" todo!\"; // \"no\"\nlet b = r#\"two\nlines\"#; f('\"', 'a', &'static str); /* dbg!() */ c();";
    let parsed = parse(source);
    assert_eq!(
        parsed.literals,
        [(1, "x \" todo!"), (2, "two\nlines"), (3, "\""), (3, "a")].map(|(at, it)| (at, it.into()))
    );
    assert_eq!(parsed.code, "let a = \"\"; \nlet b = \"\"\n; f(\"\", \"\", &'static str);  c();");
}

#[test]
fn tests_are_left_out() {
    assert_eq!(without_tests("fn a() {}\n#[cfg(test)]\nmod tests {\n}\n"), "fn a() {}\n");
    assert_eq!(without_tests("#[cfg(test)]\nmod tests;\nfn a() {}\n"), "#[cfg(test)]\nmod tests;\nfn a() {}\n");
    assert_eq!(test_modules("a/src/lib.rs", "#[cfg(test)]\nmod testing;\nmod b;\n"), ["a/src/testing"]);
    assert_eq!(test_modules("a/src/b.rs", "#[cfg(test)]\nmod testing;\n"), ["a/src/b/testing"]);
    let excepted: Vec<&str> = RUST.iter().filter(|it| it.excepted).map(|it| it.path).collect();
    assert!(excepted.contains(&"cards/src/testing/slack_rules.rs"), "{excepted:?}");
    assert!(shipped().count() > 100, "only {} files are looked at", shipped().count());
}
