//! The settings of the catalog's files.

use serde::Deserialize;

/// Where the catalog's files lie, and what becomes of entities that they no longer hold.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Folders, files or globs such as `services/**/catalog-info.yaml`. A folder is read with all its `*.yaml` and
    /// `*.yml` files at any depth, hidden ones excepted; relative paths start at the folder of this configuration.
    pub paths: Vec<String>,
    /// What becomes of an entity that its file no longer holds: `keep` it, marked as an orphan, or `remove` it.
    pub vanished: Vanished,
    /// With `vanished = "remove"`: the days for which an orphan is shown before it is removed.
    pub remove_after_days: u32,
}

/// What becomes of an entity that its file no longer holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vanished {
    /// It stays, marked as an orphan.
    #[default]
    Keep,
    /// It is marked as an orphan first, and removed later.
    Remove,
}

impl Default for Config {
    fn default() -> Config {
        Config { paths: Vec::new(), vanished: Vanished::Keep, remove_after_days: 14 }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn every_key_has_a_default_and_no_other_is_taken() {
        let config: Config = from_value(json!({"paths": ["catalog"], "vanished": "remove"})).expect("valid");
        assert_eq!(config, Config { paths: vec!["catalog".into()], vanished: Vanished::Remove, remove_after_days: 14 });
        assert!(from_value::<Config>(json!({"path": ["catalog"]})).is_err());
        assert!(from_value::<Config>(json!({"vanished": "forget"})).is_err());
    }
}
