//! `docs/configuration.md` has every variable that the program reads, and no other.

use std::collections::BTreeSet;

use super::none;
use super::repository::read;
use super::rust::{Parsed, parse, shipped};

const PATH: &str = "docs/configuration.md";

/// What every variable is read by; the program builds no names at run time but those that end in `_FILE`.
const SECRET: &str = "secret_of(\"";

#[test]
fn every_variable_is_documented_and_no_other() {
    let sources = || shipped().filter(|it| it.path.starts_with("pinconsole/src/")).map(|it| &it.shipped);
    let read_by_us: BTreeSet<String> = sources().flat_map(variables).collect();
    assert!(read_by_us.len() > 10, "only {} variables were found: {read_by_us:?}", read_by_us.len());
    let text = read(PATH);
    none(read_by_us.symmetric_difference(&documented(&text)).cloned().collect());
    // Each secret may come from a file; the document lists which those are.
    let secrets: BTreeSet<String> = sources().flat_map(|it| secrets(&it.written)).collect();
    assert!(secrets.len() > 2, "only {} secrets were found: {secrets:?}", secrets.len());
    none(secrets.symmetric_difference(&documented_secrets(&text)).cloned().collect());
}

#[test]
fn variables_are_found() {
    let source = parse("env::var(\"A_B\"); text(\"TZ\"); #[arg(env = \"NO_COLOR\")] say(\"SET IT\", \"a\", \"A\"); // \"NOT\"");
    assert_eq!(variables(&source).into_iter().collect::<Vec<_>>(), ["A_B", "NO_COLOR", "TZ"]);
    assert_eq!(secrets("secret_of(\"A\")?; secret_of(\n    \"B\")"), ["A"]);
    let text = "# x\n`NOT_YET`\n## The environment\n| `A_B` | like `x` |\n`TZ` and `<NAME>_FILE`, `a`.\n## On\n`NO_MORE`";
    assert_eq!(documented(text).into_iter().collect::<Vec<_>>(), ["A_B", "TZ"]);
    assert_eq!(documented_secrets("x (`Q`)\nEach secret (`A`, `B`) can `C`").into_iter().collect::<Vec<_>>(), ["A", "B"]);
}

/// Texts that look like nothing but the name of a variable.
fn variables(source: &Parsed) -> BTreeSet<String> {
    source.literals.iter().map(|(_, it)| it.clone()).filter(|it| is_variable(it)).collect()
}

fn secrets(code: &str) -> Vec<String> {
    let calls = code.split(SECRET).skip(1);
    calls.filter_map(|it| it.split('"').next().map(String::from)).collect()
}

/// The variables that the part on the environment names.
fn documented(text: &str) -> BTreeSet<String> {
    let part = text.split("\n## ").find(|it| it.starts_with("The environment")).unwrap_or_default();
    quoted(part).filter(|it| is_variable(it)).map(|it| it.trim_start_matches('$').to_string()).collect()
}

fn documented_secrets(text: &str) -> BTreeSet<String> {
    let list = text.split_once("Each secret (").and_then(|it| it.1.split_once(')')).map_or("", |it| it.0);
    quoted(list).map(String::from).collect()
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn is_variable(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|it: char| it.is_ascii_uppercase())
        && text.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_')
}
