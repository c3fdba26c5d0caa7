//! What is read by REST: where the app is installed, repositories, teams and their members.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::client::{As, Call};
use super::http::json;
use super::lenient::or_default;
use super::list::Listed;
use super::{Client, GitHubError};

/// Somebody, as REST tells of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct RestActor {
    /// GitHub's id.
    pub id: i64,
    /// The name by which GitHub knows them now.
    pub login: String,
    /// GitHub's word: User, Bot, Organization.
    #[serde(rename = "type", default)]
    pub kind: String,
}

/// Where the app is installed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Installation {
    /// GitHub's id.
    pub id: i64,
    /// Whose.
    pub account: RestActor,
    /// Since when it is of no use.
    #[serde(default, deserialize_with = "or_default")]
    pub suspended_at: Option<DateTime<Utc>>,
}

/// A repository that an installation may see.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RestRepository {
    /// GitHub's id.
    pub id: i64,
    /// GitHub's id in GraphQL.
    pub node_id: String,
    /// owner/name, as GitHub spells it.
    pub full_name: String,
    /// Its main branch.
    #[serde(default, deserialize_with = "or_default")]
    pub default_branch: Option<String>,
    /// Its page.
    #[serde(default, deserialize_with = "or_default")]
    pub html_url: Option<String>,
    /// Whether not everybody may see it.
    #[serde(default, deserialize_with = "or_default")]
    pub private: bool,
    /// Whether nothing changes there any more.
    #[serde(default, deserialize_with = "or_default")]
    pub archived: bool,
}

/// A team of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RestTeam {
    /// GitHub's id.
    pub id: i64,
    /// Its name in addresses.
    pub slug: String,
    /// What people call it.
    pub name: String,
}

/// The app itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Itself {
    /// What it is called.
    pub name: String,
    /// The events that it is sent.
    #[serde(default, deserialize_with = "or_default")]
    pub events: Vec<String>,
    /// In how many places it is installed, where GitHub tells.
    #[serde(default, deserialize_with = "or_default")]
    pub installations_count: Option<u64>,
}

impl Client {
    /// The app itself; any answer also tells the time there.
    pub async fn itself(&self) -> Result<Itself, GitHubError> {
        let answer = self.read(&Call { background: false, ..Call::read(As::App, &["app"]) }).await?;
        let told = json(&answer).and_then(|it| serde_json::from_value(it).ok());
        told.ok_or_else(|| GitHubError::Malformed("it does not say which app asks".into()))
    }

    /// Where the app is installed.
    pub async fn installations(&self, etags: &[String]) -> Result<Listed<Installation>, GitHubError> {
        self.list(As::App, (&["app", "installations"], None), etags).await
    }

    /// All repositories that an installation may see.
    pub async fn repositories(
        &self,
        installation: i64,
        etags: &[String],
    ) -> Result<Listed<RestRepository>, GitHubError> {
        let path = ["installation", "repositories"];
        self.list(As::Installation(installation), (&path, Some("repositories")), etags).await
    }

    /// All teams of an organization.
    pub async fn teams(
        &self,
        installation: i64,
        organization: &str,
        etags: &[String],
    ) -> Result<Listed<RestTeam>, GitHubError> {
        self.list(As::Installation(installation), (&["orgs", organization, "teams"], None), etags).await
    }

    /// All members of a team, those of teams below it included.
    pub async fn members(
        &self,
        installation: i64,
        (organization, team): (&str, &str),
        etags: &[String],
    ) -> Result<Listed<RestActor>, GitHubError> {
        let path = ["orgs", organization, "teams", team, "members"];
        self.list(As::Installation(installation), (&path, None), etags).await
    }
}
