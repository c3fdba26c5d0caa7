use serde::{Deserialize, Serialize};

/// Where people who work on an incident meet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Bridge {
    /// A number to dial.
    pub conference_number: Option<String>,
    /// A link to open.
    pub conference_url: Option<String>,
}
