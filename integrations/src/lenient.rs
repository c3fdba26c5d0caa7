//! How parts of vendors' objects are read that may be missing, null, or of another type than described: such a part costs no more
//! than itself.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A part, or none where it cannot be read.
pub fn maybe<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    Value::deserialize(from).map(|it| serde_json::from_value(it).ok())
}

/// Those parts that can be read.
pub fn each<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(items) => items.into_iter().filter_map(|it| serde_json::from_value(it).ok()).collect(),
        _ => Vec::new(),
    })
}
