//! Checks a spec against the table of its kind, and reads the references in it.

use serde_json::{Map, Value};

use super::fault::{Faults, not_text, noun, shown};
use super::schema::{Field, Reference, Shape, fields};
use super::{Document, Kind, Relation, rule};
use crate::reference::EntityRef;

/// The longest text of a spec; only an API's definition is meant to be long.
const MAX_TEXT: usize = 512 * 1024;

/// The JSON of a whole spec.
const MAX_SPEC: usize = 512 * 1024;

pub(super) fn check(kind: &Kind, spec: &Map<String, Value>, namespace: &str, faults: &mut Faults) {
    if longer_than(spec, MAX_SPEC) {
        return faults.add("spec", format!("is longer than {} KiB", MAX_SPEC / 1024));
    }
    for field in fields(kind) {
        check_field(field, spec.get(field.name), namespace, faults);
    }
    if *kind == Kind::Api {
        let needed =
            if spec.get("type").and_then(Value::as_str) == Some("mcp-server") { "remotes" } else { "definition" };
        if spec.get(needed).is_none_or(Value::is_null) {
            faults.add(format!("spec.{needed}"), "is missing");
        }
    }
}

/// The entity that a field names; the field may be absent, or hold no reference in this kind.
pub(super) fn reference(document: &Document, name: &str) -> Option<EntityRef> {
    let field = fields(&document.kind).iter().find(|it| it.name == name)?;
    let Shape::One(Reference { kind, .. }) = &field.shape else { return None };
    let text = document.spec.get(name)?.as_str()?;
    EntityRef::parse(text, *kind, document.reference.namespace()).ok()
}

pub(super) fn relations(document: &Document) -> Vec<Relation> {
    let mut relations = Vec::new();
    for field in fields(&document.kind) {
        let (Shape::One(reference) | Shape::Many(reference)) = &field.shape else { continue };
        for text in texts(document.spec.get(field.name)) {
            // A document that was parsed has only valid references.
            if let Ok(target) = EntityRef::parse(text, reference.kind, document.reference.namespace()) {
                let relation = Relation { source: document.reference.clone(), kind: reference.relation, target };
                relations.push(relation.inverse());
                relations.push(relation);
            }
        }
    }
    relations.sort();
    relations.dedup();
    relations
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    items.iter().filter_map(Value::as_str)
}

fn check_field(field: &Field, value: Option<&Value>, namespace: &str, faults: &mut Faults) {
    let path = format!("spec.{}", field.name);
    let value = match value {
        None | Some(Value::Null) if field.required => return faults.add(path, "is missing"),
        None | Some(Value::Null) => return,
        Some(value) => value,
    };
    match &field.shape {
        Shape::Text => drop(faults.text(&path, Some(value), MAX_TEXT)),
        Shape::Texts => each(&path, value, faults, |path, item, faults| drop(faults.text(path, Some(item), MAX_TEXT))),
        Shape::Presence => match value.as_str() {
            Some("required" | "optional") => {}
            _ => faults.add(path, "must be required or optional"),
        },
        Shape::Profile => check_profile(&path, value, faults),
        Shape::Definition => check_definition(&path, value, faults),
        Shape::Remotes => each(&path, value, faults, check_remote),
        Shape::One(reference) => check_reference(&path, value, reference.kind, namespace, faults),
        Shape::Many(reference) => each(&path, value, faults, |path, item, faults| {
            check_reference(path, item, reference.kind, namespace, faults);
        }),
    }
}

fn each(path: &str, value: &Value, faults: &mut Faults, mut check: impl FnMut(&str, &Value, &mut Faults)) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| check(&format!("{path}[{at}]"), item, faults));
        }
        other => faults.add(path, format!("must be a list, not {}", noun(other))),
    }
}

fn check_reference(path: &str, value: &Value, kind: Option<&str>, namespace: &str, faults: &mut Faults) {
    match value {
        Value::String(text) => {
            if let Err(error) = EntityRef::parse(text, kind, namespace) {
                faults.add(path, format!("is {:?}, not an entity reference: {}", error.text, error.reason));
            }
        }
        other => faults.add(path, not_text(other)),
    }
}

fn check_profile(path: &str, value: &Value, faults: &mut Faults) {
    let Value::Object(profile) = value else {
        return faults.add(path, format!("must be a mapping, not {}", noun(value)));
    };
    for field in ["displayName", "email", "picture"] {
        faults.optional_text(&format!("{path}.{field}"), profile.get(field), MAX_TEXT);
    }
}

/// A definition that lies in another file or at an address is kept as the placeholder that names it.
/// <https://backstage.io/docs/features/software-catalog/descriptor-format#substitutions-in-the-descriptor-format>
fn check_definition(path: &str, value: &Value, faults: &mut Faults) {
    let placeholder = |map: &Map<String, Value>| {
        map.len() == 1 && ["$text", "$json", "$yaml"].iter().any(|it| map.get(*it).is_some_and(Value::is_string))
    };
    match value {
        Value::Object(map) if placeholder(map) => {}
        value => drop(faults.text(path, Some(value), MAX_TEXT)),
    }
}

fn check_remote(path: &str, value: &Value, faults: &mut Faults) {
    let Value::Object(remote) = value else {
        return faults.add(path, format!("must be a mapping with type and url, not {}", noun(value)));
    };
    faults.text(&format!("{path}.type"), remote.get("type"), MAX_TEXT);
    let at = format!("{path}.url");
    if let Some(url) = faults.text(&at, remote.get("url"), MAX_TEXT)
        && let Err(reason) = rule::url(&url)
    {
        faults.add(at, format!("is {:?}, but {reason}", shown(&url)));
    }
}

/// Whether the JSON of a spec exceeds a size, found without building that JSON.
fn longer_than(spec: &Map<String, Value>, max: usize) -> bool {
    struct Room(usize);
    impl std::io::Write for Room {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::FileTooLarge)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    serde_json::to_writer(Room(max), spec).is_err()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sample::{component, faults, read};

    #[test]
    fn every_kind_names_what_it_lacks() {
        let lacking = |kind: &str| {
            faults(json!({"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": {"name": "x"}, "spec": {}}))
        };
        insta::assert_snapshot!(lacking("component"), @r"
        spec.type is missing
        spec.lifecycle is missing
        spec.owner is missing
        ");
        insta::assert_snapshot!(lacking("API"), @r"
        spec.type is missing
        spec.lifecycle is missing
        spec.owner is missing
        spec.definition is missing
        ");
        insta::assert_snapshot!(lacking("Resource"), @r"
        spec.type is missing
        spec.owner is missing
        ");
        insta::assert_snapshot!(lacking("System"), @"spec.owner is missing");
        insta::assert_snapshot!(lacking("Domain"), @"spec.owner is missing");
        insta::assert_snapshot!(lacking("Group"), @r"
        spec.type is missing
        spec.children is missing
        ");
        insta::assert_snapshot!(lacking("User"), @"spec.memberOf is missing");
        insta::assert_snapshot!(lacking("AIResource"), @r"
        spec.type is missing
        spec.lifecycle is missing
        spec.owner is missing
        ");
        for kind in ["Location", "Template", "Rocket"] {
            assert_eq!(lacking(kind), "valid");
        }
    }

    #[test]
    fn every_field_has_its_type() {
        let spec = json!({
            "type": 1, "lifecycle": " ", "owner": ["a"], "system": "x y", "providesApis": "a",
            "consumesApis": [1, "b"], "dependsOn": ["component:a", "b"], "dependencyOf": {},
        });
        let value = json!({"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"name": "x"}, "spec": spec});
        insta::assert_snapshot!(faults(value), @r#"
        spec.type must be text, not a number: put it in quotes
        spec.lifecycle is empty
        spec.owner must be text, not a list
        spec.system is "x y", not an entity reference: a name is up to 63 letters, digits, '-', '_' and '.', and begins and ends with a letter or digit
        spec.providesApis must be a list, not text
        spec.consumesApis[0] must be text, not a number: put it in quotes
        spec.dependsOn[1] is "b", not an entity reference: it needs a kind, as in component:name
        spec.dependencyOf must be a list, not a mapping
        "#);
        let group = json!({
            "type": "team", "children": [], "parent": "g:a:b", "members": ["Ada", "/"],
            "profile": {"displayName": 7, "email": "a@b.example", "picture": null},
        });
        let value =
            json!({"apiVersion": "backstage.io/v1alpha1", "kind": "Group", "metadata": {"name": "x"}, "spec": group});
        insta::assert_snapshot!(faults(value), @r#"
        spec.profile.displayName must be text, not a number: put it in quotes
        spec.parent is "g:a:b", not an entity reference: a name is up to 63 letters, digits, '-', '_' and '.', and begins and ends with a letter or digit
        spec.members[1] is "/", not an entity reference: a namespace is up to 63 lower-case letters, digits and inner dashes
        "#);
        let location = json!({"target": ["a"], "targets": "a", "presence": "maybe", "type": null});
        let value = json!({"apiVersion": "backstage.io/v1alpha1", "kind": "Location", "metadata": {"name": "x"}, "spec": location});
        insta::assert_snapshot!(faults(value), @r"
        spec.target must be text, not a list
        spec.targets must be a list, not text
        spec.presence must be required or optional
        ");
    }

    #[test]
    fn an_api_has_a_definition_and_a_tool_server_has_remotes() {
        let api = |extra: serde_json::Value| {
            let mut spec = json!({"type": "openapi", "lifecycle": "production", "owner": "a"});
            spec.as_object_mut().expect("a mapping").extend(extra.as_object().cloned().unwrap_or_default());
            faults(
                json!({"apiVersion": "backstage.io/v1alpha1", "kind": "API", "metadata": {"name": "x"}, "spec": spec}),
            )
        };
        assert_eq!(api(json!({"definition": "openapi: 3.1.0"})), "valid");
        assert_eq!(api(json!({"definition": {"$text": "./openapi.yaml"}})), "valid");
        insta::assert_snapshot!(api(json!({"definition": {"$run": "x"}})), @"spec.definition must be text, not a mapping");
        let remotes = json!([{"type": "streamable-http", "url": "https://tools.example"}]);
        assert_eq!(api(json!({"type": "mcp-server", "remotes": remotes})), "valid");
        insta::assert_snapshot!(api(json!({"type": "mcp-server", "definition": "x"})), @"spec.remotes is missing");
        insta::assert_snapshot!(api(json!({"type": "mcp-server", "remotes": [{"url": "tools"}, "x"]})), @r#"
        spec.remotes[0].type is missing
        spec.remotes[0].url is "tools", but a link must be an absolute URL
        spec.remotes[1] must be a mapping with type and url, not text
        "#);
    }

    #[test]
    fn a_huge_spec_is_refused_at_once() {
        let value = json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": "API", "metadata": {"name": "x"},
            "spec": {"definition": "x".repeat(512 * 1024)},
        });
        insta::assert_snapshot!(faults(value), @"spec is longer than 512 KiB");
    }

    fn relations(value: serde_json::Value) -> String {
        let lines: Vec<_> =
            read(value).relations().iter().map(|it| format!("{} {} {}", it.source, it.kind, it.target)).collect();
        lines.join("\n")
    }

    #[test]
    fn each_relation_has_its_inverse_and_each_bare_name_its_kind() {
        let spec = json!({
            "type": "service", "lifecycle": "production", "owner": "Team", "system": "shop", "subcomponentOf": "whole",
            "providesApis": ["pay", "PAY"], "consumesApis": ["other/rates"], "dependsOn": ["resource:db"],
            "dependencyOf": ["component:default/web"],
        });
        let value = json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"name": "a", "namespace": "ns"}, "spec": spec,
        });
        insta::assert_snapshot!(relations(value), @r"
        api:ns/pay apiProvidedBy component:ns/a
        api:other/rates apiConsumedBy component:ns/a
        component:default/web dependsOn component:ns/a
        component:ns/a ownedBy group:ns/team
        component:ns/a providesApi api:ns/pay
        component:ns/a consumesApi api:other/rates
        component:ns/a dependsOn resource:ns/db
        component:ns/a dependencyOf component:default/web
        component:ns/a partOf component:ns/whole
        component:ns/a partOf system:ns/shop
        component:ns/whole hasPart component:ns/a
        group:ns/team ownerOf component:ns/a
        resource:ns/db dependencyOf component:ns/a
        system:ns/shop hasPart component:ns/a
        ");
    }

    #[test]
    fn groups_and_people_belong_together() {
        let spec = json!({"type": "team", "children": ["kids"], "parent": "up", "members": ["ada"]});
        let value =
            json!({"apiVersion": "backstage.io/v1alpha1", "kind": "Group", "metadata": {"name": "g"}, "spec": spec});
        insta::assert_snapshot!(relations(value), @r"
        group:default/g parentOf group:default/kids
        group:default/g childOf group:default/up
        group:default/g hasMember user:default/ada
        group:default/kids childOf group:default/g
        group:default/up parentOf group:default/g
        user:default/ada memberOf group:default/g
        ");
        let value = json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": "User", "metadata": {"name": "u"}, "spec": {"memberOf": ["g"]},
        });
        insta::assert_snapshot!(relations(value), @r"
        group:default/g hasMember user:default/u
        user:default/u memberOf group:default/g
        ");
        let value = json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": "Domain", "metadata": {"name": "d"},
            "spec": {"owner": "g", "subdomainOf": "top"},
        });
        insta::assert_snapshot!(relations(value), @r"
        domain:default/d ownedBy group:default/g
        domain:default/d partOf domain:default/top
        domain:default/top hasPart domain:default/d
        group:default/g ownerOf domain:default/d
        ");
    }

    #[test]
    fn an_entity_may_name_itself() {
        let document = component(json!({"dependsOn": ["component:payments-api"]}));
        assert_eq!(document.relations().len(), 4);
    }
}
