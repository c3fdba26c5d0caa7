use serde::{Deserialize, Serialize};

/// Another object, by its id and a few words. <https://developer.pagerduty.com/docs/rest-api-references>
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Reference {
    /// Its id.
    pub id: String,
    /// What it is, such as `user_reference`, or `user` where it was sent whole.
    #[serde(rename = "type", default)]
    pub type_: String,
    /// What it is called.
    #[serde(default)]
    pub summary: Option<String>,
    /// Its page.
    #[serde(default)]
    pub html_url: Option<String>,
}

impl Reference {
    /// Whether it is one of these, whole or referred to.
    pub fn is(&self, type_: &str) -> bool {
        self.type_.strip_suffix("_reference").unwrap_or(&self.type_) == type_
    }
}
