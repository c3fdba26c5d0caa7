//! How PagerDuty's objects are read: nulls count as missing, what is new is passed over, and a part that cannot be read
//! costs no more than itself.

use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) use crate::lenient::{each, maybe};

/// What was sent is not what PagerDuty describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not of PagerDuty's making: {0}")]
pub struct Malformed(pub &'static str);

/// An object with an id.
pub(super) fn object<T: DeserializeOwned>(value: Value) -> Result<T, Malformed> {
    match value.get("id").and_then(Value::as_str) {
        None | Some("") => Err(Malformed("an object without its id")),
        Some(_) => plain(value),
    }
}

/// An object that needs no id.
pub(super) fn plain<T: DeserializeOwned>(value: Value) -> Result<T, Malformed> {
    serde_json::from_value(pruned(value)).map_err(|_| Malformed("an object with fields of other types"))
}

fn pruned(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.into_iter().filter(|it| !it.1.is_null()).map(|(name, it)| (name, pruned(it))).collect()
        }
        Value::Array(items) => items.into_iter().filter(|it| !it.is_null()).map(pruned).collect(),
        other => other,
    }
}
