//! Checks a whole document, gathering every fault.

use serde_json::{Map, Value};

use super::fault::{Faults, noun, shown};
use super::{Document, Fault, Kind, Metadata, metadata, rule, spec};
use crate::reference::{EntityRef, kind_rule};

/// The keys of the envelope; a server sets the last two, so what a file says there is not kept.
const KEYS: [&str; 6] = ["apiVersion", "kind", "metadata", "spec", "relations", "status"];

const VERSIONS: [&str; 2] = ["backstage.io/v1alpha1", "backstage.io/v1beta1"];

const MAX_NAME: usize = 320;

pub(super) fn parse(value: Value) -> Result<Document, Vec<Fault>> {
    let mut faults = Faults::default();
    let Value::Object(mut top) = value else {
        faults.add(
            "",
            format!("a document must be a mapping with apiVersion, kind, metadata and spec, not {}", noun(&value)),
        );
        return Err(faults.into_vec());
    };
    for key in top.keys().filter(|it| !KEYS.contains(&it.as_str())) {
        faults.add(shown(key), "is not a key of a document; the keys are apiVersion, kind, metadata and spec");
    }
    let kind = kind(&top, &mut faults);
    let api_version = api_version(&top, kind.as_ref(), &mut faults);
    let metadata = metadata(&top, &mut faults);
    let spec = spec(&mut top, kind.as_ref(), &metadata.namespace, &mut faults);
    let reference = kind.as_ref().map(|it| EntityRef::new(it.as_str(), &metadata.namespace, &metadata.name));
    match (kind, reference) {
        (Some(kind), Some(Ok(reference))) if faults.none() => {
            Ok(Document { reference, api_version, kind, metadata, spec })
        }
        _ => Err(faults.into_vec()),
    }
}

fn kind(top: &Map<String, Value>, faults: &mut Faults) -> Option<Kind> {
    let name = faults.text("kind", top.get("kind"), MAX_NAME)?;
    match kind_rule(&name) {
        Ok(()) => Some(Kind::named(&name)),
        Err(reason) => {
            faults.add("kind", format!("is {:?}, but {reason}", shown(&name)));
            None
        }
    }
}

fn api_version(top: &Map<String, Value>, kind: Option<&Kind>, faults: &mut Faults) -> String {
    let Some(version) = faults.text("apiVersion", top.get("apiVersion"), MAX_NAME) else { return String::new() };
    match kind {
        _ if rule::api_version(&version).is_err() => {
            faults.add("apiVersion", format!("is {:?}, not a version such as {}", shown(&version), VERSIONS[0]));
        }
        None | Some(Kind::Template | Kind::Other(_)) => {}
        Some(kind) if !VERSIONS.contains(&version.as_str()) => {
            let [alpha, beta] = VERSIONS;
            faults.add("apiVersion", format!("is {version:?}; for the kind {kind} it must be {alpha} or {beta}"));
        }
        Some(_) => {}
    }
    version
}

fn metadata(top: &Map<String, Value>, faults: &mut Faults) -> Metadata {
    match top.get("metadata") {
        Some(value @ Value::Object(map)) => {
            refuse_nul("metadata", value, faults);
            metadata::parse(map, faults)
        }
        None | Some(Value::Null) => {
            faults.add("metadata", "is missing");
            Metadata::default()
        }
        Some(other) => {
            faults.add("metadata", format!("must be a mapping, not {}", noun(other)));
            Metadata::default()
        }
    }
}

fn spec(top: &mut Map<String, Value>, kind: Option<&Kind>, namespace: &str, faults: &mut Faults) -> Map<String, Value> {
    let value = match top.remove("spec") {
        None | Some(Value::Null) => Value::Object(Map::new()),
        Some(value) => value,
    };
    refuse_nul("spec", &value, faults);
    match (value, kind) {
        (Value::Object(spec), Some(kind)) => {
            spec::check(kind, &spec, namespace, faults);
            spec
        }
        (Value::Object(spec), None) => spec,
        (other, _) => {
            faults.add("spec", format!("must be a mapping, not {}", noun(&other)));
            Map::new()
        }
    }
}

/// PostgreSQL keeps no NUL in text. <https://www.postgresql.org/docs/current/datatype-character.html>
fn refuse_nul(path: &str, value: &Value, faults: &mut Faults) {
    let reason = "contains a NUL character";
    match value {
        Value::String(text) if text.contains('\0') => faults.add(path, reason),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| refuse_nul(&format!("{path}[{at}]"), item, faults));
        }
        Value::Object(map) => {
            for (key, value) in map {
                let at = format!("{path}.{}", shown(key));
                if key.contains('\0') {
                    faults.add(&at, reason);
                }
                refuse_nul(&at, value, faults);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::sample::{faults, read};
    use super::*;

    #[test]
    fn gathers_every_fault() {
        let value = json!({
            "apiVersion": "v/1/2", "kind": "com ponent", "metdata": {}, "metadata": {"name": "-x"}, "spec": [],
            "relations": [], "status": {},
        });
        insta::assert_snapshot!(faults(value), @r#"
        metdata is not a key of a document; the keys are apiVersion, kind, metadata and spec
        kind is "com ponent", but a kind is up to 63 letters and digits and begins with a letter
        apiVersion is "v/1/2", not a version such as backstage.io/v1alpha1
        metadata.name is "-x", but a name is up to 63 letters, digits, '-', '_' and '.', and begins and ends with a letter or digit
        spec must be a mapping, not a list
        "#);
        insta::assert_snapshot!(faults(json!({})), @r"
        kind is missing
        apiVersion is missing
        metadata is missing
        ");
        insta::assert_snapshot!(faults(json!(["a"])), @"a document must be a mapping with apiVersion, kind, metadata and spec, not a list");
    }

    #[test]
    fn a_built_in_kind_needs_its_own_version_and_any_case_will_do() {
        let with = |version: &str, kind: &str| {
            faults(json!({"apiVersion": version, "kind": kind, "metadata": {"name": "x"}, "spec": {"owner": "a"}}))
        };
        assert_eq!(with("backstage.io/v1beta1", "sYSTEM"), "valid");
        assert_eq!(with("scaffolder.backstage.io/v1beta3", "Template"), "valid");
        assert_eq!(with("example.com/v1", "Rocket"), "valid");
        insta::assert_snapshot!(with("v1", "System"), @r#"apiVersion is "v1"; for the kind System it must be backstage.io/v1alpha1 or backstage.io/v1beta1"#);
    }

    #[test]
    fn a_template_keeps_what_it_holds() {
        let value = json!({
            "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "template", "metadata": {"name": "New-Service"},
            "spec": {"owner": "platform", "type": "service", "parameters": [{"title": "Name"}], "steps": [{"id": "a"}]},
        });
        let document = read(value);
        assert_eq!(document.kind, Kind::Template);
        assert_eq!(document.owner().map(|it| it.to_string()).as_deref(), Some("group:default/platform"));
        assert_eq!(document.spec["steps"], json!([{"id": "a"}]));
    }

    #[test]
    fn text_that_the_database_cannot_hold_is_a_fault() {
        let value = json!({
            "apiVersion": "x/v1", "kind": "Rocket", "metadata": {"name": "x", "description": "a\0b"},
            "spec": {"a": [{"\0": "b"}, "c\0"]},
        });
        insta::assert_snapshot!(faults(value), @r"
        metadata.description contains a NUL character
        spec.a[0].� contains a NUL character
        spec.a[1] contains a NUL character
        ");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let key = prop_oneof![
            any::<String>(),
            prop::sample::select(vec![
                "apiVersion",
                "kind",
                "metadata",
                "spec",
                "name",
                "owner",
                "tags",
                "links",
                "profile"
            ])
            .prop_map(str::to_owned),
        ];
        let text = prop_oneof![any::<String>(), Just("Component".into()), Just("Group".into()), Just("x/v1".into())];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            text.prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(key.clone(), inner, 0..6)
                    .prop_map(|it| Value::Object(it.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_is_read_or_has_a_fault(value in any_json()) {
            match Document::parse(value) {
                Ok(document) => drop(document.relations()),
                Err(faults) => prop_assert!(!faults.is_empty()),
            }
        }

        #[test]
        fn any_spec_is_read_or_has_a_fault(kind in "Component|API|Group|User|Location|Rocket", spec in any_json()) {
            let value = json!({"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": {"name": "x"}, "spec": spec});
            match Document::parse(value) {
                Ok(document) => drop(document.relations()),
                Err(faults) => prop_assert!(!faults.is_empty()),
            }
        }
    }
}
