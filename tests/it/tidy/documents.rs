//! What documents tell a reader to type or to open is there.

use std::collections::BTreeSet;
use std::path::Path;

use super::none;
use super::program::program;
use super::repository::{documents, read, root};

#[test]
fn what_make_is_told_is_a_target() {
    let targets = targets(&read("Makefile"));
    let found = documents().flat_map(|it| made(&it.text).into_iter().map(|target| (&it.path, target)));
    let found: Vec<_> = found.collect();
    assert!(found.iter().any(|(path, it)| *path == "README.md" && it == "demo"), "{found:?}");
    none(found.iter().filter(|it| !targets.contains(&it.1)).map(|(path, it)| format!("{path}: make {it}")).collect());
    assert_eq!(targets.get("clean"), None);
    assert_eq!(made("`make demo`, then\n    make clean  # x\nto make sure"), ["demo", "clean"]);
}

#[test]
fn what_the_program_is_told_it_does() {
    let found = documents().flat_map(|it| told(&it.text).into_iter().map(|words| (&it.path, words)));
    let found: Vec<_> = found.collect();
    assert!(found.len() > 5, "{found:?}");
    none(found.iter().filter_map(|(path, it)| refused(it).map(|why| format!("{path}: {why}"))).collect());
    assert!(refused("sync ldap --dry-run").is_none() && refused("ask catalog payments").is_none());
    for wrong in ["synchronise", "sync teletubbies", "sync ldap --gently"] {
        assert!(refused(wrong).is_some(), "{wrong}");
    }
}

#[test]
fn links_lead_to_files() {
    let found: Vec<_> =
        documents().flat_map(|it| links(&it.text).into_iter().map(|to| (it.path.as_str(), to))).collect();
    assert!(found.len() > 3, "{found:?}");
    none(found.iter().filter(|(from, to)| !leads(from, to)).map(|(from, to)| format!("{from}: {to}")).collect());
    assert_eq!(links("[a](b.md), [c](https://d.example), [e](#f), [g](../h#i)"), ["b.md", "../h#i"]);
    assert!(leads("docs/operations.md", "configuration.md#x") && leads("docs/operations.md", "../README.md"));
    assert!(!leads("README.md", "nowhere.md"));
}

fn targets(makefile: &str) -> BTreeSet<String> {
    let names = makefile.lines().filter_map(|it| it.split_once(':')).map(|it| it.0);
    names.filter(|it| it.bytes().all(|it| it.is_ascii_lowercase() || it == b'-')).map(String::from).collect()
}

/// The target of every line or quoted piece that begins with `make`.
fn made(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|it| it.strip_prefix("    make "));
    let quoted = quoted(text).filter_map(|it| it.strip_prefix("make "));
    let words = quoted.chain(lines).filter_map(|it| it.split_whitespace().next());
    words.filter(|it| !it.starts_with('<')).map(String::from).collect()
}

/// What follows the program's name on every such line or quoted piece.
fn told(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|it| it.strip_prefix("    pinconsole "));
    let quoted = quoted(text).filter_map(|it| it.strip_prefix("pinconsole "));
    let told = quoted.chain(lines).filter(|it| it.starts_with(|it: char| it.is_ascii_lowercase() || it == '-'));
    told.map(String::from).collect()
}

/// Why the program would not take this; its own help decides.
fn refused(words: &str) -> Option<String> {
    let mut path: Vec<&str> = Vec::new();
    let mut help = self::help(&path);
    let mut options = String::new();
    for word in words.split_whitespace() {
        match (word.strip_prefix("--"), help.contains("\nCommands:\n")) {
            (Some(_), _) if format!("{options}{help}").contains(word) => {}
            (Some(_), _) => return Some(format!("{words}: there is no {word}")),
            (None, false) => {}
            (None, true) => {
                path.push(word);
                options.push_str(&help);
                help = self::help(&path);
                if help.is_empty() {
                    return Some(format!("{words}: there is no {word}"));
                }
            }
        }
    }
    None
}

/// The help on a subcommand; empty where there is none.
fn help(path: &[&str]) -> String {
    let output = program().arg("help").args(path).output().expect("the program runs");
    if output.status.success() { String::from_utf8_lossy(&output.stdout).into_owned() } else { String::new() }
}

fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|it| it.split_once(')')).map(|it| it.0);
    targets.filter(|it| !it.contains("://") && !it.starts_with(['#', ' '])).map(String::from).collect()
}

fn leads(from: &str, to: &str) -> bool {
    let file = to.split('#').next().unwrap_or_default();
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    root().join(folder).join(file).exists()
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}
