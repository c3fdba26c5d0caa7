//! The shape of files.

use super::none;
use super::repository::FILES;

/// Lines of a file at the most.
const MAX_LINES: usize = 400;

#[test]
fn files_are_small() {
    none(rust().flat_map(|(path, text)| size(path, text)).collect());
    assert_eq!(size("a.rs", &"x\n".repeat(MAX_LINES + 1)), Some("a.rs has 401 lines, 400 are enough".into()));
    assert_eq!(size("a.rs", &"x\n".repeat(MAX_LINES)), None);
}

#[test]
fn each_crate_says_what_it_is() {
    let roots: Vec<(&str, &str)> = rust().filter(|(path, _)| is_root(path)).collect();
    assert!(roots.len() > 10, "only {} crates were found", roots.len());
    none(roots.into_iter().flat_map(|(path, text)| opening(path, text)).collect());
    assert_eq!(opening("a.rs", "//! What it is.\n"), None);
    for wrong in ["use x;\n//! What it is.\n", "//! what it is\n", "// What it is.\n", ""] {
        assert!(opening("a.rs", wrong).is_some(), "{wrong}");
    }
}

#[test]
fn nothing_is_left_over() {
    none(FILES.iter().map(|it| it.path.clone()).filter(|it| left_over(it)).collect());
    assert!(left_over("a/src/.b.rs.pending-snap") && left_over("a/c.snap.new") && left_over("a.rs.orig"));
    assert!(!left_over("a/src/snapshots/b.snap") && !left_over("a/new.rs"));
}

fn rust() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter(|it| it.path.ends_with(".rs")).map(|it| (it.path.as_str(), it.text.as_str()))
}

/// Whether a crate or program begins here.
fn is_root(path: &str) -> bool {
    path.ends_with("/lib.rs") || path.ends_with("/main.rs") || path.contains("/src/bin/")
}

fn size(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > MAX_LINES).then(|| format!("{path} has {lines} lines, {MAX_LINES} are enough"))
}

/// The first paragraph must be a doc comment, from a capital to a full stop.
fn opening(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().map_while(|it| it.strip_prefix("//! "));
    let paragraph = lines.collect::<Vec<_>>().join(" ");
    let sentence = paragraph.starts_with(|it: char| it.is_uppercase() || it == '`') && paragraph.contains(['.', ':']);
    (!sentence).then(|| format!("{path} does not open with a sentence that says what it is"))
}

fn left_over(path: &str) -> bool {
    [".pending-snap", ".snap.new", ".orig", ".rej", ".swp", "~"].iter().any(|it| path.ends_with(it))
}
