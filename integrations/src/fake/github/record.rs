use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

/// A repository.
#[derive(Clone, Debug)]
pub(super) struct RepositoryRecord {
    pub(super) id: i64,
    /// owner/name.
    pub(super) name: String,
    pub(super) installation: i64,
    /// How many approvals its main branch asks for.
    pub(super) approvals: Option<i32>,
    pub(super) numbers: i32,
}

impl RepositoryRecord {
    pub(super) fn node(&self) -> String {
        format!("R_{}", self.id)
    }

    pub(super) fn owner(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }
}

/// A team.
#[derive(Clone, Debug)]
pub(super) struct TeamRecord {
    pub(super) id: i64,
    pub(super) organization: String,
    pub(super) slug: String,
    pub(super) members: Vec<i64>,
}

/// How far a pull request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Open,
    Closed,
    Merged,
}

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asked {
    Actor(i64),
    Team(i64),
}

/// A review.
#[derive(Clone, Debug)]
pub(super) struct ReviewRecord {
    pub(super) id: i64,
    pub(super) actor: i64,
    /// In the words of GraphQL.
    pub(super) state: &'static str,
    pub(super) sha: String,
    pub(super) at: DateTime<Utc>,
}

/// A check run of the head.
#[derive(Clone, Debug)]
pub(super) struct CheckRecord {
    pub(super) id: i64,
    /// None as long as it runs; in the words of GraphQL.
    pub(super) conclusion: Option<&'static str>,
}

/// A pull request.
#[derive(Clone, Debug)]
pub(super) struct PullRecord {
    pub(super) id: i64,
    pub(super) repository: i64,
    pub(super) number: i32,
    pub(super) title: String,
    pub(super) author: i64,
    pub(super) stage: Stage,
    pub(super) draft: bool,
    pub(super) sha: String,
    pub(super) branch: String,
    pub(super) merge_sha: Option<String>,
    pub(super) merged_by: Option<i64>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) closed_at: Option<DateTime<Utc>>,
    pub(super) size: (i32, i32, i32),
    pub(super) labels: Vec<String>,
    pub(super) queued_at: Option<DateTime<Utc>>,
    pub(super) asked: Vec<Asked>,
    pub(super) reviews: Vec<ReviewRecord>,
    pub(super) checks: BTreeMap<String, CheckRecord>,
    pub(super) conflicts: bool,
    /// How often GitHub still says that it does not know whether it conflicts.
    pub(super) thinks: u32,
}

impl PullRecord {
    pub(super) fn node(&self) -> String {
        format!("PR_{}", self.id)
    }

    /// Of each reviewer the last of those reviews that are wanted.
    pub(super) fn last(&self, wanted: impl Fn(&ReviewRecord) -> bool) -> Vec<&ReviewRecord> {
        let mut last = BTreeMap::new();
        for it in self.reviews.iter().filter(|it| wanted(it)) {
            last.insert(it.actor, it);
        }
        last.into_values().collect()
    }

    /// What its checks come to, in GitHub's word.
    pub(super) fn rollup(&self) -> Option<&'static str> {
        let states: Vec<Option<&str>> = self.checks.values().map(|it| it.conclusion).collect();
        match () {
            () if states.is_empty() => None,
            () if states.contains(&Some("FAILURE")) => Some("FAILURE"),
            () if states.contains(&None) => Some("PENDING"),
            () => Some("SUCCESS"),
        }
    }
}
