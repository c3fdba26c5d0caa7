//! The rules that the program comes with are the ones that the document tells.

use super::none;
use super::repository::read;

const DOCUMENT: &str = "docs/access.md";

#[test]
fn every_action_is_in_the_document() {
    let (schema, document) = (read("config/policies/pinconsole.cedarschema"), read(DOCUMENT));
    let actions: Vec<&str> = schema.split("\naction ").skip(1).flat_map(quoted).collect();
    assert!(actions.len() >= 20 && actions.contains(&"snooze-incident"), "{actions:?}");
    none(actions.into_iter().filter(|it| !document.contains(&format!("`{it}`"))).map(String::from).collect());
}

#[test]
fn every_rule_about_incidents_is_in_the_document_as_people_are_told_it() {
    let document = read(DOCUMENT);
    let rules = rules(&read("config/policies/incidents.cedar"));
    assert!(rules.len() >= 6, "{rules:?}");
    let told = |(id, words): &(String, String)| document.contains(&format!("| `{id}` | {words} |"));
    none(rules.into_iter().filter(|it| !told(it)).map(|(id, words)| format!("{id}: {words}")).collect());
}

/// What is in quotes before an action says what it applies to.
fn quoted(action: &str) -> impl Iterator<Item = &str> {
    action.split("appliesTo").next().unwrap_or_default().split('"').skip(1).step_by(2)
}

/// The names of policies with their sentences.
fn rules(policies: &str) -> Vec<(String, String)> {
    let after = |text: &str, mark: &str| text.split(mark).nth(1)?.split('"').next().map(String::from);
    policies
        .split("@id(\"")
        .skip(1)
        .filter_map(|it| it.split('"').next().map(String::from).zip(after(it, "@rule(\"")))
        .collect()
}
