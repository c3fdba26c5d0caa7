//! What reading GitHub tells of one pull request: the body of an event `poll.pull_request`.
//!
//! It is the whole: whoever is not in `requests` is not asked, what is not in `labels` is not there. Only `checks` may be a
//! part, and says so. The words are ours, not GitHub's, so that rows of the inbox outlive its API.

use chrono::{DateTime, Utc};
use domain::github::{Mergeable, State, Verdict};
use serde::{Deserialize, Serialize};

/// The event under which a snapshot lies in the inbox.
pub const PULL_REQUEST: &str = "poll.pull_request";

/// A pull request as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Snapshot {
    /// By GitHub's clock, to the second: all that happened until the end of this second is in it. Events of this second
    /// and before yield to it, later ones to nothing.
    pub read_at: DateTime<Utc>,
    /// Where it is.
    pub repository: Repository,
    /// GitHub's id, that of REST and webhooks.
    pub id: i64,
    /// GitHub's id in GraphQL.
    pub node_id: String,
    /// The number that people read.
    pub number: i32,
    /// What it does.
    pub title: String,
    /// Its page.
    pub url: String,
    /// Who wrote it; nobody where the account was deleted.
    pub author: Option<Actor>,
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
    pub merged_by: Option<Actor>,
    /// Since when it is there.
    pub created_at: DateTime<Utc>,
    /// When GitHub says that it changed last; checks and mergeability do not move it.
    pub updated_at: DateTime<Utc>,
    /// When it was merged or given up.
    pub closed_at: Option<DateTime<Utc>>,
    /// Lines that it adds.
    pub additions: i32,
    /// Lines that it takes away.
    pub deletions: i32,
    /// Files that it touches.
    pub files: i32,
    /// Its labels.
    pub labels: Vec<String>,
    /// Whether GitHub merges it as soon as it may.
    pub auto_merge: bool,
    /// Since when it waits in the merge queue.
    pub queued_at: Option<DateTime<Utc>>,
    /// Who is asked to review it now.
    pub requests: Vec<Request>,
    /// What was said of it: of each reviewer the last verdict, and the last remark. Older ones are not read.
    pub reviews: Vec<Review>,
    /// What checks say of `head_sha`.
    pub checks: Vec<Check>,
    /// Whether `checks` are all of them.
    pub checks_whole: bool,
    /// Whether it conflicts with its base.
    pub mergeable: Mergeable,
    /// GitHub's word, such as BEHIND; none where it does not know.
    pub merge_state: Option<String>,
    /// GitHub's word, such as REVIEW_REQUIRED; none where its base requires no review.
    pub decision: Option<String>,
    /// How many approvals its base asks for; none where no rule of it can be seen.
    pub approvals_needed: Option<i32>,
}

/// Where a pull request is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Repository {
    /// GitHub's id.
    pub id: i64,
    /// owner/name, as GitHub spells it.
    pub name: String,
    /// GitHub's id in GraphQL.
    pub node_id: String,
    /// Its main branch; none where it is empty.
    pub default_branch: Option<String>,
    /// Its page.
    pub url: String,
    /// Whether not everybody may see it.
    pub private: bool,
    /// Whether nothing changes there any more.
    pub archived: bool,
    /// The installation through which it was read.
    pub installation_id: i64,
}

/// Somebody on GitHub.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Actor {
    /// GitHub's id.
    pub id: i64,
    /// The name by which GitHub knows them; of a bot as webhooks write it, which is `name[bot]`.
    pub login: String,
    /// GitHub's word: User, Bot, Organization or Mannequin.
    pub kind: String,
}

/// A team of GitHub's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Team {
    /// GitHub's id.
    pub id: i64,
    /// The organization's login.
    pub organization: String,
    /// Its name in addresses.
    pub slug: String,
    /// What people call it.
    pub name: String,
}

/// Who reviews: somebody, or a team.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reviewer {
    /// Somebody.
    Actor(Actor),
    /// Anybody of a team.
    Team(Team),
}

/// Somebody, or a team, is asked to review. When and by whom is not told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Request {
    /// Who.
    pub of: Reviewer,
    /// Whether because the repository's rules name them as its owners.
    pub as_code_owner: bool,
}

/// What somebody said of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Review {
    /// GitHub's id, that of REST and webhooks.
    pub id: i64,
    /// Who; nobody where the account was deleted.
    pub by: Option<Actor>,
    /// What they say.
    pub verdict: Verdict,
    /// The commit that they looked at.
    pub sha: Option<String>,
    /// Its page.
    pub url: String,
    /// When.
    pub submitted_at: DateTime<Utc>,
}

/// What a check says: the newest of its name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Check {
    /// Of which kind.
    pub kind: CheckKind,
    /// Name of the run, or context of the status.
    pub name: String,
    /// What it says.
    pub state: CheckState,
    /// Where one reads more.
    pub url: Option<String>,
    /// GitHub's id of the run; zero for a status.
    pub id: i64,
}

/// The two kinds of checks that GitHub has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckKind {
    /// A check run.
    Run,
    /// A status of the older kind.
    Status,
}

impl CheckKind {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Status => "status",
        }
    }
}

/// What a check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckState {
    /// Nothing yet.
    Pending,
    /// It passed.
    Success,
    /// It failed.
    Failure,
    /// It neither passed nor failed, and stands in nobody's way.
    Neutral,
}

impl CheckState {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Neutral => "neutral",
        }
    }
}
