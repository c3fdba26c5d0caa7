use chrono::{DateTime, Utc};

use super::{Mergeable, State, Verdict};

/// Somebody on GitHub.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actor {
    /// GitHub's id.
    pub id: i64,
    /// The name by which GitHub knows them now.
    pub login: String,
    /// Whether it is a program.
    pub bot: bool,
}

/// A repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// GitHub's id.
    pub id: i64,
    /// owner/name.
    pub name: String,
    /// Its main branch.
    pub default_branch: Option<String>,
    /// Its page.
    pub url: Option<String>,
}

/// A team of GitHub's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Team {
    /// GitHub's id.
    pub id: i64,
    /// organization/slug.
    pub slug: String,
    /// What people call it.
    pub name: String,
}

/// A pull request, as GitHub last told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullRequest {
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
    /// Its page at GitHub.
    pub url: Option<String>,
    /// Who wrote it; nobody where the account was deleted.
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
    /// Lines that it adds, takes away, and files that it touches, where that was told.
    pub size: Option<(i32, i32, i32)>,
    /// Its labels.
    pub labels: Vec<String>,
    /// Whether GitHub merges it as soon as it may.
    pub auto_merge: bool,
    /// Since when it waits in the merge queue.
    pub queued_at: Option<DateTime<Utc>>,
    /// Whether it conflicts with its base.
    pub mergeable: Mergeable,
    /// Whether its base went on without it, where GitHub told.
    pub behind: bool,
    /// Whether GitHub says that a review is missing; unknown where nobody asked.
    pub review_required: Option<bool>,
    /// How many approvals its base asks for; unknown where nobody asked.
    pub approvals_needed: Option<i32>,
    /// When anybody did anything about it last.
    pub active_at: DateTime<Utc>,
    /// The moment that this is from.
    pub source_at: DateTime<Utc>,
    /// Counts the changes that we saw.
    pub revision: i64,
}

/// Who reviews: somebody, or a team.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reviewer {
    /// Somebody.
    Actor(Actor),
    /// Anybody of a team.
    Team(Team),
}

/// Somebody, or a team, is asked to review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who.
    pub of: Reviewer,
    /// Who asked them.
    pub by: Option<i64>,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Whether they had reviewed it before.
    pub again: bool,
}

/// What somebody said of it: of each reviewer, what counts now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Who; nobody where the account was deleted.
    pub by: Option<Actor>,
    /// What they said.
    pub verdict: Verdict,
    /// The commit that they looked at.
    pub sha: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What checks say of its head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checks {
    /// How many passed, or need not.
    pub passed: usize,
    /// Those that are awaited.
    pub pending: Vec<String>,
    /// Those that failed, with their pages.
    pub failed: Vec<(String, Option<String>)>,
}

/// A pull request with all that says who must act on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Itself.
    pub pull_request: PullRequest,
    /// Where it is.
    pub repository: Repository,
    /// Who wrote it.
    pub author: Option<Actor>,
    /// Who merged it.
    pub merged_by: Option<Actor>,
    /// Who is asked to review it now, in the order in which they were asked.
    pub requests: Vec<Request>,
    /// What counts of each reviewer, the latest first. What was said without a verdict never replaces one, as at GitHub.
    pub reviews: Vec<Review>,
    /// What checks say of its head.
    pub checks: Checks,
}

impl Whole {
    /// How many approve it, authors of none aside.
    pub fn approvals(&self) -> usize {
        self.reviews.iter().filter(|it| it.verdict == Verdict::Approved).count()
    }

    /// Its name for people: owner/name#number.
    pub fn reference(&self) -> String {
        format!("{}#{}", self.repository.name, self.pull_request.number)
    }
}
