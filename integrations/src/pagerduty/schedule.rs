use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Reference;
use super::lenient::{each, maybe};

/// Who is on call when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Schedule {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Its time zone, by its IANA name.
    pub time_zone: Option<String>,
    /// Policies that ask whoever it names.
    #[serde(deserialize_with = "each")]
    pub escalation_policies: Vec<Reference>,
    /// Its people.
    #[serde(deserialize_with = "each")]
    pub users: Vec<Reference>,
    /// Its teams.
    #[serde(deserialize_with = "each")]
    pub teams: Vec<Reference>,
    /// Its page.
    pub html_url: Option<String>,
}

/// Somebody who takes the place of whoever a schedule names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Override {
    /// Its id.
    pub id: String,
    /// From when.
    pub start: DateTime<Utc>,
    /// Until when.
    pub end: DateTime<Utc>,
    /// Who.
    pub user: Reference,
}

/// Somebody on call: once for each policy, level and schedule, so that a person may be there several times.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Oncall {
    /// Who.
    pub user: Reference,
    /// Through which policy.
    pub escalation_policy: Reference,
    /// On which of its levels; the first is 1.
    pub escalation_level: u32,
    /// By which schedule; none for somebody whom the policy itself names.
    #[serde(default, deserialize_with = "maybe")]
    pub schedule: Option<Reference>,
    /// From when; none means always.
    #[serde(default, deserialize_with = "maybe")]
    pub start: Option<DateTime<Utc>>,
    /// Until when; none means that no end is known.
    #[serde(default, deserialize_with = "maybe")]
    pub end: Option<DateTime<Utc>>,
}
