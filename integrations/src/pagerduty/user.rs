use serde::{Deserialize, Serialize};

/// Somebody who has an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct User {
    /// Its id.
    pub id: String,
    /// What they are called.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their time zone, by its IANA name.
    pub time_zone: Option<String>,
    /// What they may do there.
    pub role: Option<String>,
    /// What they do.
    pub job_title: Option<String>,
    /// Their page.
    pub html_url: Option<String>,
}
