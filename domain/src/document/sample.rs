//! Documents for the tests of this folder.

use serde_json::{Value, json};

use super::Document;

/// The faults of a document, one a line, or `valid`.
pub(super) fn faults(value: Value) -> String {
    match Document::parse(value) {
        Ok(_) => "valid".to_owned(),
        Err(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

/// A document that must be valid.
pub(super) fn read(value: Value) -> Document {
    Document::parse(value).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// A component whose spec has these keys besides the required ones.
pub(super) fn component(extra: Value) -> Document {
    let mut spec = json!({"type": "service", "lifecycle": "production", "owner": "payments"});
    if let (Value::Object(spec), Value::Object(extra)) = (&mut spec, extra) {
        spec.extend(extra);
    }
    read(json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "spec": spec,
        "metadata": {"name": "Payments-API", "annotations": {"pinconsole.io/tier": "1"}},
    }))
}
