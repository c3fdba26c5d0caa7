use serde::{Deserialize, Serialize};

use super::Reference;
use super::lenient::each;

/// An escalation policy: who is asked, and who next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Policy {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// How often it begins anew after its last level.
    pub num_loops: u32,
    /// Its levels, the first one first.
    #[serde(deserialize_with = "each")]
    pub escalation_rules: Vec<Rule>,
    /// Services that ask by it.
    #[serde(deserialize_with = "each")]
    pub services: Vec<Reference>,
    /// Its teams.
    #[serde(deserialize_with = "each")]
    pub teams: Vec<Reference>,
    /// Its page.
    pub html_url: Option<String>,
}

/// One level of an escalation policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// How long these have before the next level is asked.
    pub escalation_delay_in_minutes: u32,
    /// Users and schedules, all of which are asked.
    #[serde(deserialize_with = "each")]
    pub targets: Vec<Reference>,
}
