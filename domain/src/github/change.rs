use chrono::{DateTime, Utc};

use super::{Reviewer, Verdict, Whole};

/// What an event did to a pull request that somebody may want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was opened, perhaps as a draft.
    Opened,
    /// It is a draft no longer.
    Ready,
    /// It became a draft.
    Drafted,
    /// It was given up.
    Closed,
    /// It was taken up again.
    Reopened,
    /// It was merged.
    Merged,
    /// Its head moved.
    Pushed,
    /// Its title, base or labels are other ones, or it needs another number of approvals.
    Edited,
    /// Somebody, or a team, was asked to review it; `again` where they had done so before.
    Requested {
        /// Who.
        of: Reviewer,
        /// Whether they had reviewed it before.
        again: bool,
    },
    /// Somebody, or a team, is asked no longer.
    Unrequested {
        /// Who.
        of: Reviewer,
    },
    /// Somebody reviewed it.
    Reviewed {
        /// What they say.
        verdict: Verdict,
        /// The beginning of what they wrote.
        text: String,
        /// Its page.
        url: Option<String>,
    },
    /// Somebody wrote something.
    Commented {
        /// The beginning of it.
        text: String,
        /// Its page.
        url: Option<String>,
        /// Logins that it mentions, in lower case; a team is `organization/slug`.
        mentions: Vec<String>,
    },
    /// Its description, or that of a review, mentions these logins for the first time.
    Mentioned {
        /// In lower case; a team is `organization/slug`.
        logins: Vec<String>,
    },
    /// Checks of its head failed that had not; their names.
    Failed {
        /// Names of the checks.
        checks: Vec<String>,
    },
    /// All checks of its head passed, after one had failed or was awaited.
    Passed,
    /// It conflicts with its base now.
    Conflicts,
    /// It conflicts no longer.
    Clean,
    /// It waits in the merge queue.
    Queued,
    /// It was taken from the merge queue without being merged; GitHub's word for why.
    Dequeued {
        /// Such as CI_FAILURE.
        reason: String,
    },
}

/// An event, as far as it concerns one pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The pull request.
    pub pull_request_id: i64,
    /// When, by GitHub's clock.
    pub at: DateTime<Utc>,
    /// Who did it; nobody where GitHub did so by itself.
    pub by: Option<i64>,
    /// What it did, in order.
    pub changes: Vec<Change>,
    /// Whether it was ready to be merged before the event, as [`super::Standing`] tells.
    pub was_ready: bool,
    /// False for what is read of the past: messages change, and nobody is told anew.
    pub told: bool,
}

/// What happened to a pull request, and how it stood after that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// What happened.
    pub happened: Happened,
    /// The pull request, right after.
    pub whole: Whole,
}
