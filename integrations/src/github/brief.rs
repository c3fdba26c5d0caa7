//! Which pull requests there are, and when each changed last: enough to know which to read.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use super::lenient::{id, or_default};
use super::{Client, GitHubError};

const BRIEF: &str = include_str!("queries/brief.graphql");
const MORE: &str = include_str!("queries/more.graphql");

/// Repositories of one question: with as many pull requests of each, five thousand objects.
const REPOSITORIES: usize = 50;
const OPEN: usize = 80;

/// Of those that are over only the latest, which may have ended while nobody looked.
const OVER: usize = 20;

/// Fifty pages of a hundred of one repository.
const MOST_PAGES: usize = 50;

/// A pull request that is there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Brief {
    /// GitHub's id in GraphQL.
    #[serde(rename = "id")]
    pub node_id: String,
    /// GitHub's id.
    #[serde(rename = "fullDatabaseId", deserialize_with = "id")]
    pub id: i64,
    /// When it changed last; checks do not move this.
    pub updated_at: DateTime<Utc>,
    /// What its checks come to, in GitHub's word.
    #[serde(default, deserialize_with = "or_default", rename = "statusCheckRollup")]
    rollup: Option<Rollup>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Rollup {
    state: String,
}

impl Brief {
    /// What its checks come to: GitHub's word, none where it has none.
    pub fn checks(&self) -> Option<&str> {
        self.rollup.as_ref().map(|it| it.state.as_str())
    }
}

/// What a repository has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulls {
    /// GitHub's id of the repository in GraphQL.
    pub repository: String,
    /// All that are open.
    pub open: Vec<Brief>,
    /// Those that ended, as far as they changed since it was asked for.
    pub over: Vec<Brief>,
}

#[derive(Deserialize)]
struct Repository {
    id: String,
    open: Connection,
    over: Connection,
}

#[derive(Deserialize)]
struct OfRepository {
    #[serde(rename = "pullRequests")]
    pulls: Connection,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Connection {
    page_info: PageInfo,
    nodes: Vec<Option<Brief>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageInfo {
    pub(super) has_next_page: bool,
    #[serde(default)]
    pub(super) end_cursor: Option<String>,
}

impl Client {
    /// The pull requests of these repositories: all that are open, and those that ended and changed since. A repository that is
    /// no longer shown is left out.
    pub async fn briefly(
        &self,
        installation: i64,
        (repositories, since): (&[String], DateTime<Utc>),
    ) -> Result<Vec<Pulls>, GitHubError> {
        let mut left: VecDeque<&[String]> = repositories.chunks(REPOSITORIES).collect();
        let mut all = Vec::new();
        while let Some(ids) = left.pop_front() {
            let variables = json!({ "ids": ids, "open": OPEN, "over": OVER });
            match self.nodes::<Repository>(installation, (BRIEF, variables)).await {
                Ok(found) => {
                    for it in found.into_iter().flatten() {
                        all.push(self.whole(installation, it, since).await?);
                    }
                }
                Err(GitHubError::Passing(_)) if ids.len() > 1 => halve(&mut left, ids),
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }

    async fn whole(&self, installation: i64, it: Repository, since: DateTime<Utc>) -> Result<Pulls, GitHubError> {
        let open = self.on(installation, (&it.id, "OPEN"), (it.open, None)).await?;
        let mut over = self.on(installation, (&it.id, "over"), (it.over, Some(since))).await?;
        over.retain(|it| it.updated_at > since);
        Ok(Pulls { repository: it.id, open, over })
    }

    /// Further pages, as long as they are new enough.
    async fn on(
        &self,
        installation: i64,
        (repository, states): (&str, &str),
        (mut page, since): (Connection, Option<DateTime<Utc>>),
    ) -> Result<Vec<Brief>, GitHubError> {
        let states = if states == "OPEN" { json!(["OPEN"]) } else { json!(["CLOSED", "MERGED"]) };
        let mut all = Vec::new();
        for _ in 0..MOST_PAGES {
            all.extend(std::mem::take(&mut page.nodes).into_iter().flatten());
            let old = |it: &Brief| since.is_some_and(|since| it.updated_at <= since);
            if !page.page_info.has_next_page || all.last().is_some_and(old) {
                return Ok(all);
            }
            let variables = json!({ "id": repository, "states": states, "after": page.page_info.end_cursor });
            page = self.node::<OfRepository>(installation, (MORE, variables)).await?.pulls;
        }
        Err(GitHubError::TooMany("pull requests of a repository"))
    }
}

/// What was too much is asked for in two parts.
pub(super) fn halve<'a, T>(left: &mut VecDeque<&'a [T]>, all: &'a [T]) {
    let (first, second) = all.split_at(all.len() / 2);
    left.push_front(second);
    left.push_front(first);
}
