//! One byte string per content, whatever the order of its keys.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Document;

pub(super) fn digest(document: &Document) -> [u8; 32] {
    // A document holds only text keys and JSON values, so this cannot fail; null would still be a stable answer.
    let value = serde_json::to_value(document).unwrap_or_default();
    let mut text = String::new();
    write(&value, &mut text);
    Sha256::digest(text).into()
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            out.push('{');
            for (key, value) in entries {
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write(item, out);
                out.push(',');
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Document;

    #[test]
    fn the_order_of_keys_does_not_count_and_every_value_does() {
        let digest = |text: &str| {
            let value = serde_json::from_str(text).expect("JSON");
            Document::parse(value).expect("a valid document").digest()
        };
        let one = r#"{"apiVersion":"backstage.io/v1alpha1","kind":"Domain","metadata":{"name":"a"},"spec":{"owner":"x","type":"y"}}"#;
        let other = r#"{"spec":{"type":"y","owner":"x"},"metadata":{"name":"a"},"kind":"Domain","apiVersion":"backstage.io/v1alpha1"}"#;
        assert_eq!(digest(one), digest(other));
        assert_ne!(digest(one), digest(&other.replace("\"y\"", "\"z\"")));
    }

    #[test]
    fn lists_and_texts_cannot_be_confused() {
        let written = |value| {
            let mut out = String::new();
            super::write(&value, &mut out);
            out
        };
        assert_ne!(written(json!(["a", "b"])), written(json!(["a,b"])));
        assert_ne!(written(json!({"a": "\",\"b\":\"c"})), written(json!({"a": "", "b": "c"})));
    }
}
