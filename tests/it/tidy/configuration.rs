//! `config/pinconsole.toml` has every key that the program takes, with its default and what it does, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::none;
use super::program::program;
use super::repository::{read, root};

const PATH: &str = "config/pinconsole.toml";

/// A key that no structure has; the error about it lists those that it has.
const NO_KEY: &str = "zzz";

#[test]
fn every_key_is_documented_and_no_other() {
    let (mut taken, mut nested) = (BTreeSet::new(), BTreeMap::new());
    collect("", &mut taken, &mut nested);
    assert!(taken.len() > 20, "only {} keys were found: {taken:?}", taken.len());
    none(differing(&taken, &read(PATH)));
    assert_eq!(
        differing(&taken, &read(PATH).replace("# connections = ", "# links = ")),
        ["database.connections", "database.links"]
    );
    let values = documented_values(&read(PATH));
    let absent = nested.iter().flat_map(|(key, names)| names.iter().map(move |it| (key, it)));
    let absent = absent.filter(|(key, it)| !values[*key].contains(&format!("{it} =")));
    none(absent.map(|(key, it)| format!("{key} shows no {it}")).collect());
}

#[test]
fn every_key_is_explained() {
    none(unexplained(&documented(&read(PATH))));
    let sample = documented("[a]\n# What b is.\n# b = 1\n# c = 2\n\n# Of d.\n\n# d = 3\n");
    assert_eq!(unexplained(&sample), ["a.c has no explanation", "a.d has no explanation"]);
}

#[test]
fn the_defaults_that_it_shows_are_taken() {
    assert_eq!(check(&uncommented(&read(PATH))), None);
    let wrong = uncommented("[log]\n# Colour.\n# colour = true\n");
    assert!(check(&wrong).expect("an unknown key").contains("unknown field `colour`"));
}

/// Keys that only one side has.
fn differing(taken: &BTreeSet<String>, text: &str) -> Vec<String> {
    taken.symmetric_difference(&documented(text).into_keys().collect()).cloned().collect()
}

/// Every key with its explanation: the comment right above it.
fn documented(text: &str) -> BTreeMap<String, String> {
    let (mut found, mut section, mut above) = (BTreeMap::new(), String::new(), String::new());
    for line in text.lines() {
        match (line.strip_prefix('[').and_then(|it| it.strip_suffix(']')), key(line), line.strip_prefix("# ")) {
            (Some(name), ..) => section = format!("{name}."),
            (_, Some(key), _) => {
                found.insert(format!("{section}{key}"), std::mem::take(&mut above));
            }
            (.., Some(words)) => above.push_str(words),
            _ => above.clear(),
        }
    }
    found
}

fn documented_values(text: &str) -> BTreeMap<String, String> {
    let mut section = String::new();
    let values = text.lines().filter_map(|line| {
        if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            section = format!("{name}.");
        }
        Some((format!("{section}{}", key(line)?), line.to_string()))
    });
    values.collect()
}

/// The key that a line shows, commented out.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.strip_prefix("# ")?.split_once(" = ")?;
    key.bytes().all(|it| it.is_ascii_lowercase() || it == b'_').then_some(key)
}

fn unexplained(documented: &BTreeMap<String, String>) -> Vec<String> {
    let without = documented.iter().filter(|(_, words)| words.trim().is_empty());
    without.map(|(key, _)| format!("{key} has no explanation")).collect()
}

fn uncommented(text: &str) -> String {
    let lines = text.lines().map(|it| if key(it).is_some() { &it[2..] } else { it });
    lines.collect::<Vec<_>>().join("\n")
}

/// Finds the keys below a section, and for keys whose values are lists of structures the keys of those.
fn collect(section: &str, keys: &mut BTreeSet<String>, nested: &mut BTreeMap<String, Vec<String>>) {
    let table = if section.is_empty() { String::new() } else { format!("[{section}]\n") };
    for key in expected(&table).unwrap_or_else(|| panic!("[{section}] does not say what it takes")) {
        let path = if section.is_empty() { key } else { format!("{section}.{key}") };
        if expected(&format!("[{path}]\n")).is_some() {
            collect(&path, keys, nested);
        } else {
            nested.extend(expected(&format!("[[{path}]]\n")).map(|it| (path.clone(), it)));
            keys.insert(path);
        }
    }
}

/// The keys that the program takes in this table; nothing where it takes no table.
fn expected(table: &str) -> Option<Vec<String>> {
    let said = check(&format!("{table}{NO_KEY} = 1\n"))?;
    let list = said.lines().find_map(|it| it.split_once(&format!("unknown field `{NO_KEY}`, expected ")))?.1;
    Some(list.split('`').skip(1).step_by(2).map(String::from).collect())
}

/// What the program says against a configuration.
fn check(text: &str) -> Option<String> {
    let file = tempfile::NamedTempFile::new().expect("a file of our own");
    fs::write(file.path(), text).expect("a file of our own");
    let arguments = ["config", "check", "--config", &file.path().display().to_string()];
    let output = program().args(arguments).current_dir(root()).output().expect("the program runs");
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}
