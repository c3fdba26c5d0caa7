use serde::{Deserialize, Serialize};

use super::Reference;
use super::lenient::{each, maybe};

/// A service, whose incidents people are asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Service {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// How it fares.
    pub status: ServiceStatus,
    /// Who is asked, and who next.
    #[serde(deserialize_with = "maybe")]
    pub escalation_policy: Option<Reference>,
    /// Its teams.
    #[serde(deserialize_with = "each")]
    pub teams: Vec<Reference>,
    /// Its page.
    pub html_url: Option<String>,
}

/// How a service fares.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceStatus {
    /// No open incident.
    Active,
    /// Every open incident is acknowledged.
    Warning,
    /// An incident is triggered.
    Critical,
    /// In maintenance: no new incidents.
    Maintenance,
    /// Switched off: no new incidents.
    Disabled,
    /// Something new, in PagerDuty's word.
    #[serde(untagged)]
    Unknown(String),
}

impl Default for ServiceStatus {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}
