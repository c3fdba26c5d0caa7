//! `docs/configuration.md` has every variable that the program reads, and no other.

use std::collections::BTreeSet;

use super::none;
use super::repository::read;
use super::rust::{Parsed, parse, shipped};

const PATH: &str = "docs/configuration.md";

/// The one file that reads variables by names that it got from elsewhere: from itself.
const READER: &str = "pinconsole/src/environment.rs";

/// What reads a variable by its name.
const READS: [&str; 3] = ["env::var(", "env::var_os(", "env = "];

/// What reads one that may also come from a file.
const SECRET: &str = "secret_of(";

#[test]
fn every_variable_is_documented_and_no_other() {
    let (reader, others): (Vec<_>, Vec<_>) =
        shipped().filter(|it| it.path.starts_with("pinconsole/src/")).partition(|it| it.path == READER);
    let indirect = others.iter().filter(|it| indirect(&it.shipped.written));
    none(indirect.map(|it| format!("{}: a variable without its name", it.path)).collect());
    let others = others.iter().flat_map(|it| READS.iter().flat_map(|read| named(read, &it.shipped.written)));
    let read_by_us: BTreeSet<String> = reader.iter().flat_map(|it| all(&it.shipped)).chain(others).collect();
    assert!(read_by_us.len() > 10, "only {} variables were found: {read_by_us:?}", read_by_us.len());
    let text = read(PATH);
    none(read_by_us.symmetric_difference(&documented(&text)).cloned().collect());
    // Each secret may come from a file; the document lists which those are.
    let secrets: BTreeSet<String> = reader.iter().flat_map(|it| named(SECRET, &it.shipped.written)).collect();
    assert!(secrets.len() > 2, "only {} secrets were found: {secrets:?}", secrets.len());
    none(secrets.symmetric_difference(&documented_secrets(&text)).cloned().collect());
}

#[test]
fn variables_are_found() {
    let source =
        parse("text(\"A_B\"); env::var(\"TZ\"); #[arg(env = \"NO_COLOR\")] say(\"SET IT\", \"a\", \"A\"); // \"NOT\"");
    assert_eq!(all(&source).into_iter().collect::<Vec<_>>(), ["A_B", "NO_COLOR", "TZ"]);
    assert_eq!(named("env::var(", &source.written), ["TZ"]);
    assert_eq!(named("env = ", &source.written), ["NO_COLOR"]);
    assert!(!indirect(&source.written) && indirect("env::var(\"A\"); std::env::var_os(name)"));
    let text =
        "# x\n`NOT_YET`\n## The environment\n| `A_B` | like `x` |\n`TZ` and `<NAME>_FILE`, `a`.\n## On\n`NO_MORE`";
    assert_eq!(documented(text).into_iter().collect::<Vec<_>>(), ["A_B", "TZ"]);
    assert_eq!(
        documented_secrets("x (`Q`)\nEach secret (`A`, `B`) can `C`").into_iter().collect::<Vec<_>>(),
        ["A", "B"]
    );
}

/// Texts that look like nothing but the name of a variable.
fn all(source: &Parsed) -> BTreeSet<String> {
    source.literals.iter().map(|(_, it)| it.clone()).filter(|it| is_variable(it)).collect()
}

/// The names that directly follow such a call.
fn named(call: &str, source: &str) -> Vec<String> {
    let calls = source.split(call).skip(1).filter_map(|it| it.trim_start().strip_prefix('"'));
    calls.filter_map(|it| it.split('"').next().map(String::from)).collect()
}

/// Whether a variable is read by a name that does not stand there.
fn indirect(source: &str) -> bool {
    let mut calls = READS[..2].iter().flat_map(|call| source.split(call).skip(1));
    calls.any(|it| !it.trim_start().starts_with('"'))
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
