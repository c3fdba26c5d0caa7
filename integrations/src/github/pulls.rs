//! Pull requests with all that says who must act on them, many at once.

use std::collections::{BTreeMap, VecDeque};

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;

use super::brief::halve;
use super::pulls_wire::{Contexts, Pull};
use super::snapshot::Snapshot;
use super::{Client, GitHubError};

const PULLS: &str = include_str!("queries/pulls.graphql");
const CHECKS: &str = include_str!("queries/checks.graphql");

/// Pull requests of one question; each may bring some five hundred objects.
/// <https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#node-limit>
const PULL_REQUESTS: usize = 50;

/// Two thousand checks of one commit.
const MOST_PAGES: usize = 20;

/// Pull requests as they were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadPulls {
    /// Each.
    pub found: Vec<Snapshot>,
    /// Ids in GraphQL of those that are not there, or no longer shown.
    pub gone: Vec<String>,
    /// Ids in GraphQL of those of which GitHub told something that we do not understand.
    pub unread: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfPull {
    head_ref_oid: String,
    status_check_rollup: Option<Rollup>,
}

#[derive(Deserialize)]
struct Rollup {
    contexts: Contexts,
}

impl Client {
    /// These pull requests, by their ids in GraphQL, each at most once.
    pub async fn pulls(&self, installation: i64, ids: &[String]) -> Result<ReadPulls, GitHubError> {
        let mut left: VecDeque<&[String]> = ids.chunks(PULL_REQUESTS).collect();
        let mut all = ReadPulls::default();
        while let Some(ids) = left.pop_front() {
            match self.batch(installation, ids).await {
                Ok(read) => {
                    all.found.extend(read.found);
                    all.gone.extend(read.gone);
                    all.unread.extend(read.unread);
                }
                Err(GitHubError::Passing(_)) if ids.len() > 1 => halve(&mut left, ids),
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }

    async fn batch(&self, installation: i64, ids: &[String]) -> Result<ReadPulls, GitHubError> {
        // GitHub's clock has seconds, and all of the second before the one that it showed last is over.
        let before = self.clock().map(|it| it - TimeDelta::seconds(1));
        let told = self.nodes::<serde_json::Value>(installation, (PULLS, json!({ "ids": ids }))).await?;
        let shown = self.clock().ok_or_else(|| GitHubError::Malformed("it does not say the time".into()))?;
        // Where it was never asked before, the answer itself was given some time after it was asked.
        let read_at = before.unwrap_or_else(|| shown - TimeDelta::seconds(30));
        let mut read = ReadPulls::default();
        for (id, told) in ids.iter().zip(told) {
            match told {
                None | Some(serde_json::Value::Null) => read.gone.push(id.clone()),
                Some(told) => match serde_json::from_value::<Pull>(told) {
                    Ok(mut pull) => {
                        self.all_checks(installation, &mut pull).await?;
                        read.found.push(pull.snapshot(installation, read_at));
                    }
                    Err(error) => {
                        tracing::warn!(%error, id, "what GitHub tells of a pull request is not understood");
                        read.unread.push(id.clone());
                    }
                },
            }
        }
        Ok(read)
    }

    /// Reads the rest of the checks, where one question did not bring them all.
    async fn all_checks(&self, installation: i64, pull: &mut Pull) -> Result<(), GitHubError> {
        for _ in 0..MOST_PAGES {
            let Some(after) = pull.more_checks() else { return Ok(()) };
            let variables = json!({ "id": pull.node_id, "after": after });
            let more: OfPull = self.node(installation, (CHECKS, variables)).await?;
            match more.status_check_rollup {
                Some(rollup) if more.head_ref_oid == pull.head_sha => pull.checks_from(rollup.contexts),
                // Its head moved meanwhile; the next reading tells.
                _ => return Ok(()),
            }
        }
        Ok(())
    }
}

/// Of what has a name only the last counts.
pub(super) fn last_by<K: Ord, T>(all: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut last = BTreeMap::new();
    for it in all {
        last.insert(key(&it), it);
    }
    last.into_values().collect()
}
