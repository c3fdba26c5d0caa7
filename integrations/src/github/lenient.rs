//! How GitHub's objects are read: what is new is passed over, nulls count as missing, and a part that cannot be read costs no
//! more than itself.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An id, which GraphQL writes as a text where it may be long.
pub(super) fn id<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    maybe_id(from)?.ok_or_else(|| D::Error::custom("an object without its id"))
}

/// An id that may be missing.
pub(super) fn maybe_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(it) => it.parse().ok(),
        it => it.as_i64(),
    })
}

/// A part, or what stands for none.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(from: D) -> Result<T, D::Error> {
    Value::deserialize(from).map(|it| serde_json::from_value(it).unwrap_or_default())
}

/// Those objects of a list that can be read.
pub(super) fn each<T: DeserializeOwned>(list: Value) -> Vec<T> {
    let Value::Array(items) = list else { return Vec::new() };
    items.into_iter().filter_map(|it| serde_json::from_value(it).ok()).collect()
}
