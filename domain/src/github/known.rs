use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::moment::{Listed, Moment};
use super::{Mergeable, State};

/// Whose review is asked for, by GitHub's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    /// Somebody's.
    #[serde(rename = "a")]
    Actor(i64),
    /// That of anybody of a team.
    #[serde(rename = "t")]
    Team(i64),
}

impl Target {
    /// The word under which it is stored.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Actor(_) => "actor",
            Self::Team(_) => "team",
        }
    }

    /// GitHub's id of it.
    pub fn id(self) -> i64 {
        match self {
            Self::Actor(id) | Self::Team(id) => id,
        }
    }
}

/// The moment that each part of a pull request is from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    pub(super) state: Option<Moment>,
    pub(super) draft: Option<Moment>,
    pub(super) head: Option<Moment>,
    pub(super) title: Option<Moment>,
    pub(super) base: Option<Moment>,
    pub(super) size: Option<Moment>,
    pub(super) auto_merge: Option<Moment>,
    pub(super) queue: Option<Moment>,
    /// Both as they were told, even where it is closed by now: it may turn out to have been taken up again before.
    pub(super) auto_merges: bool,
    pub(super) queued_at: Option<DateTime<Utc>>,
    /// When GitHub was asked whether it conflicts.
    pub(super) asked: Option<DateTime<Utc>>,
    /// The head before this one.
    pub(super) before: Option<String>,
    pub(super) labels: Listed<String>,
    /// Those who are asked to review it.
    pub(super) requests: Listed<Target>,
}

/// A pull request as it is stored, to be compared with what is told of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// GitHub's id.
    pub id: i64,
    /// Where it is.
    pub repository_id: i64,
    /// The number that people read.
    pub number: i32,
    /// GitHub's id in GraphQL.
    pub node_id: Option<String>,
    /// What it does.
    pub title: String,
    /// Its page.
    pub url: Option<String>,
    /// Who wrote it.
    pub author_id: Option<i64>,
    /// How far it has come.
    pub state: State,
    /// Whether nobody should review it yet.
    pub draft: bool,
    /// Its newest commit.
    pub head_sha: String,
    /// The branch that it comes from.
    pub head_ref: String,
    /// The branch that it goes into.
    pub base_ref: String,
    /// The commit that it became.
    pub merge_sha: Option<String>,
    /// Who merged it.
    pub merged_by: Option<i64>,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was merged or given up.
    pub closed_at: Option<DateTime<Utc>>,
    /// Lines that it adds and takes away, and files that it touches.
    pub size: Option<(i32, i32, i32)>,
    /// Whether GitHub merges it as soon as it may.
    pub auto_merge: bool,
    /// Since when it waits in the merge queue.
    pub queued_at: Option<DateTime<Utc>>,
    /// Whether it conflicts with its base.
    pub mergeable: Mergeable,
    /// GitHub's word for what keeps it from being merged.
    pub merge_state: Option<String>,
    /// GitHub's word for what reviewers decided.
    pub decision: Option<String>,
    /// How many approvals its base asks for.
    pub approvals_needed: Option<i32>,
    /// The head that GitHub was asked about.
    pub asked_for: Option<String>,
    /// Since when GitHub must be asked again.
    pub stale_at: Option<DateTime<Utc>>,
    /// When anybody did anything about it last.
    pub active_at: DateTime<Utc>,
    /// The newest moment that anything of it is from.
    pub source_at: DateTime<Utc>,
    /// The moment that each part is from.
    pub told: Told,
    /// Counts the changes that we saw.
    pub revision: i64,
}

impl Known {
    /// Its labels.
    pub fn labels(&self) -> &[String] {
        &self.told.labels.now
    }

    /// Those who are asked to review it.
    pub fn requests(&self) -> &[Target] {
        &self.told.requests.now
    }
}
