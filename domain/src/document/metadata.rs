//! What every entity has, whatever its kind.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fault::{Faults, not_text, noun, shown};
use super::rule;
use crate::reference::{DEFAULT_NAMESPACE, name_rule, namespace_rule};

/// The part of a document that names and describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// The name, in the case that its owner chose.
    pub name: String,
    /// The namespace, `default` unless given.
    pub namespace: String,
    /// A name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is, in a few sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Short keys and values to select by.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// What other systems know it by.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Single words to find it by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Pages about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// A page about an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// Its address.
    pub url: String,
    /// What to call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The name of a symbol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// What sort of page it is.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

const MAX_TITLE: usize = 1_000;
const MAX_DESCRIPTION: usize = 10_000;
const MAX_ANNOTATION: usize = 64 * 1024;
const MAX_URL: usize = 2_048;
const MAX_ENTRIES: usize = 256;

/// Reads the metadata; where a part is at fault, its default stands in.
pub(super) fn parse(map: &Map<String, Value>, faults: &mut Faults) -> Metadata {
    let name = faults.text("metadata.name", map.get("name"), MAX_TITLE).unwrap_or_default();
    if !name.is_empty() {
        hold("metadata.name", &name, name_rule, faults);
    }
    let namespace = faults.optional_text("metadata.namespace", map.get("namespace"), MAX_TITLE);
    let namespace = namespace.unwrap_or_else(|| DEFAULT_NAMESPACE.to_owned());
    hold("metadata.namespace", &namespace, namespace_rule, faults);
    Metadata {
        name,
        namespace,
        title: faults.optional_text("metadata.title", map.get("title"), MAX_TITLE),
        description: faults.optional_text("metadata.description", map.get("description"), MAX_DESCRIPTION),
        labels: texts("metadata.labels", map.get("labels"), rule::label_value, faults),
        annotations: texts("metadata.annotations", map.get("annotations"), |_| Ok(()), faults),
        tags: list("metadata.tags", map.get("tags"), faults, tag),
        links: list("metadata.links", map.get("links"), faults, link),
    }
}

fn hold(path: &str, text: &str, rule: impl Fn(&str) -> Result<(), &'static str>, faults: &mut Faults) {
    if let Err(reason) = rule(text) {
        faults.add(path, format!("is {:?}, but {reason}", shown(text)));
    }
}

/// A mapping from valid keys to texts.
fn texts(
    path: &str,
    value: Option<&Value>,
    rule: impl Fn(&str) -> Result<(), &'static str>,
    faults: &mut Faults,
) -> BTreeMap<String, String> {
    let map = match value {
        None | Some(Value::Null) => return BTreeMap::new(),
        Some(Value::Object(map)) => map,
        Some(other) => {
            faults.add(path, format!("must be a mapping, not {}", noun(other)));
            return BTreeMap::new();
        }
    };
    if map.len() > MAX_ENTRIES {
        faults.add(path, format!("has more than {MAX_ENTRIES} entries"));
        return BTreeMap::new();
    }
    let mut found = BTreeMap::new();
    for (key, value) in map {
        let at = format!("{path}.{}", shown(key));
        if let Err(reason) = rule::key(key) {
            faults.add(&at, reason);
        }
        match value {
            Value::String(text) if text.len() > MAX_ANNOTATION => {
                faults.add(at, format!("is longer than {} KiB", MAX_ANNOTATION / 1024));
            }
            Value::String(text) => {
                if let Err(reason) = rule(text) {
                    faults.add(at, reason);
                }
                found.insert(key.clone(), text.clone());
            }
            other => faults.add(at, not_text(other)),
        }
    }
    found
}

fn list<T>(
    path: &str,
    value: Option<&Value>,
    faults: &mut Faults,
    item: impl Fn(&str, &Value, &mut Faults) -> Option<T>,
) -> Vec<T> {
    match value {
        None | Some(Value::Null) => {}
        Some(Value::Array(items)) if items.len() > MAX_ENTRIES => {
            faults.add(path, format!("has more than {MAX_ENTRIES} entries"));
        }
        Some(Value::Array(items)) => {
            let read = |(at, value): (usize, &Value)| item(&format!("{path}[{at}]"), value, faults);
            return items.iter().enumerate().filter_map(read).collect();
        }
        Some(other) => faults.add(path, format!("must be a list, not {}", noun(other))),
    }
    Vec::new()
}

fn tag(path: &str, value: &Value, faults: &mut Faults) -> Option<String> {
    let text = faults.text(path, Some(value), MAX_TITLE)?;
    hold(path, &text, rule::tag, faults);
    Some(text)
}

fn link(path: &str, value: &Value, faults: &mut Faults) -> Option<Link> {
    let Value::Object(map) = value else {
        faults.add(path, format!("must be a mapping with a url, not {}", noun(value)));
        return None;
    };
    let at = format!("{path}.url");
    let url = faults.text(&at, map.get("url"), MAX_URL)?;
    hold(&at, &url, rule::url, faults);
    let mut optional = |key: &str| faults.optional_text(&format!("{path}.{key}"), map.get(key), MAX_TITLE);
    Some(Link { url, title: optional("title"), icon: optional("icon"), kind: optional("type") })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sample::{faults, read};

    fn with(metadata: serde_json::Value) -> serde_json::Value {
        json!({"apiVersion": "example.com/v1", "kind": "Rocket", "metadata": metadata})
    }

    #[test]
    fn the_namespace_is_default_unless_given() {
        assert_eq!(read(with(json!({"name": "a"}))).reference.to_string(), "rocket:default/a");
        assert_eq!(read(with(json!({"name": "a", "namespace": "b"}))).reference.to_string(), "rocket:b/a");
    }

    #[test]
    fn nulls_count_as_left_out() {
        let value =
            json!({"name": "a", "title": null, "labels": null, "annotations": null, "tags": null, "links": null});
        assert_eq!(read(with(value)), read(with(json!({"name": "a"}))));
    }

    #[test]
    fn every_rule_names_its_place() {
        let value = json!({
            "name": "a b", "namespace": "Team", "title": 1, "description": ["x"],
            "labels": {"ok": "", "not ok": "x", "value": "-", "n": 1},
            "annotations": {"a/b/c": "x", "pagerduty.com/service-id": 12345},
            "tags": ["java", "Java", 1, ""],
            "links": [{"url": "https://a.example", "title": 1}, {"url": "javascript:alert(1)"}, {"title": "x"}, "y"],
        });
        insta::assert_snapshot!(faults(with(value)), @r#"
        metadata.name is "a b", but a name is up to 63 letters, digits, '-', '_' and '.', and begins and ends with a letter or digit
        metadata.namespace is "Team", but a namespace is up to 63 lower-case letters, digits and inner dashes
        metadata.title must be text, not a number: put it in quotes
        metadata.description must be text, not a list
        metadata.labels.not ok is not a valid key such as example.com/name
        metadata.labels.value must be empty or up to 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit
        metadata.labels.n must be text, not a number: put it in quotes
        metadata.annotations.a/b/c is not a valid key such as example.com/name
        metadata.annotations.pagerduty.com/service-id must be text, not a number: put it in quotes
        metadata.tags[1] is "Java", but a tag is up to 63 lower-case letters, digits, ':', '+' and '#', in words joined by '-'
        metadata.tags[2] must be text, not a number: put it in quotes
        metadata.tags[3] is empty
        metadata.links[0].title must be text, not a number: put it in quotes
        metadata.links[1].url is "javascript:alert(1)", but a link must not be a script or data URL
        metadata.links[2].url is missing
        metadata.links[3] must be a mapping with a url, not text
        "#);
        insta::assert_snapshot!(faults(with(json!({"name": "a", "labels": [], "tags": "java", "links": {}}))), @r"
        metadata.labels must be a mapping, not a list
        metadata.tags must be a list, not text
        metadata.links must be a list, not a mapping
        ");
    }

    #[test]
    fn hostile_sizes_are_faults() {
        let many: serde_json::Map<_, _> = (0..300).map(|it| (format!("k{it}"), "v".into())).collect();
        let value = json!({
            "name": "a".repeat(5_000), "title": "t".repeat(2_000), "description": "d".repeat(20_000), "labels": many,
            "annotations": {"a": "x".repeat(70_000)}, "tags": vec!["t"; 300],
        });
        insta::assert_snapshot!(faults(with(value)), @r"
        metadata.name is longer than 1000 bytes
        metadata.title is longer than 1000 bytes
        metadata.description is longer than 10000 bytes
        metadata.labels has more than 256 entries
        metadata.annotations.a is longer than 64 KiB
        metadata.tags has more than 256 entries
        ");
    }

    #[test]
    fn a_million_faults_are_told_once() {
        let links: Vec<_> = (0..250).map(|_| json!({"url": "x"})).collect();
        assert_eq!(faults(with(json!({"name": "a", "links": links}))).lines().count(), 100);
    }

    #[test]
    fn hostile_text_is_shortened_and_shown_without_control_characters() {
        let value = json!({"name": "a", "annotations": {format!("\u{1b}[31m{}", "k".repeat(500)): "x"}});
        insta::assert_snapshot!(faults(with(value)), @"metadata.annotations.�[31mkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk… is not a valid key such as example.com/name");
    }
}
