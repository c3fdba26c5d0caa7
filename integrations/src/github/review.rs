//! Who is asked to review: the only thing that we change at GitHub.

use reqwest::Method;
use serde_json::json;

use super::client::{As, Call};
use super::{Client, GitHubError};

/// Which pull request, and through which installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullReference<'a> {
    /// The installation.
    pub installation: i64,
    /// owner/name.
    pub repository: &'a str,
    /// The number that people read.
    pub number: i32,
}

/// Whom to ask, or no longer: people by login, teams by slug.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reviewers<'a> {
    /// People.
    pub logins: &'a [&'a str],
    /// Teams.
    pub teams: &'a [&'a str],
}

impl Client {
    /// Asks others to review. GitHub refuses the author and whoever may not see the repository.
    pub async fn request_reviewers(&self, of: PullReference<'_>, who: Reviewers<'_>) -> Result<(), GitHubError> {
        self.reviewers(Method::POST, of, who).await
    }

    /// Asks them no longer.
    pub async fn remove_reviewers(&self, of: PullReference<'_>, who: Reviewers<'_>) -> Result<(), GitHubError> {
        self.reviewers(Method::DELETE, of, who).await
    }

    /// <https://docs.github.com/en/rest/pulls/review-requests>
    async fn reviewers(&self, method: Method, of: PullReference<'_>, who: Reviewers<'_>) -> Result<(), GitHubError> {
        let Some((owner, name)) = of.repository.split_once('/') else { return Err(GitHubError::Gone) };
        let number = of.number.to_string();
        let path = ["repos", owner, name, "pulls", &number, "requested_reviewers"];
        let body = json!({ "reviewers": who.logins, "team_reviewers": who.teams });
        self.act(&Call { body: Some(body), ..Call::act(As::Installation(of.installation), method, &path) })
            .await
            .map(|_| ())
    }
}
