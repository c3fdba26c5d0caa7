//! What a pull request waits for, in one word, and whom.

use super::{Mergeable, Reviewer, State, Verdict, Whole};

/// What a pull request waits for: the first of these that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Nothing: it is in its base branch.
    Merged,
    /// Nothing: it was given up.
    Closed,
    /// Its author, who still works on it.
    Draft,
    /// The merge queue.
    Queued,
    /// Its author: it conflicts with its base.
    Conflicts,
    /// Its author: a check failed.
    ChecksFailed,
    /// Its author: a reviewer wants something changed.
    ChangesRequested,
    /// Checks that still run.
    ChecksRunning,
    /// A review.
    AwaitingReview,
    /// Its author: its base went on without it.
    OutOfDate,
    /// Whoever merges it.
    Ready,
}

/// Who should act next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Nobody: it is over, or a machine is at work.
    Nobody,
    /// Its author.
    Author,
    /// Those who are asked to review.
    Reviewers(Vec<Reviewer>),
    /// A reviewer, but none is asked.
    SomeReviewer,
}

impl Standing {
    /// What it waits for.
    pub fn of(it: &Whole) -> Self {
        let pull = &it.pull_request;
        match pull.state {
            State::Merged => return Self::Merged,
            State::Closed => return Self::Closed,
            State::Open => {}
        }
        let changes = it.reviews.iter().any(|review| review.verdict == Verdict::ChangesRequested);
        match () {
            () if pull.draft => Self::Draft,
            () if pull.queued_at.is_some() => Self::Queued,
            () if pull.mergeable == Mergeable::Conflicting => Self::Conflicts,
            () if !it.checks.failed.is_empty() => Self::ChecksFailed,
            () if changes => Self::ChangesRequested,
            () if !it.checks.pending.is_empty() => Self::ChecksRunning,
            () if awaits_review(it) => Self::AwaitingReview,
            () if pull.behind => Self::OutOfDate,
            () => Self::Ready,
        }
    }

    /// Who should act next on one that stands so.
    pub fn waits_for(self, it: &Whole) -> Waiting {
        match self {
            Self::Merged | Self::Closed | Self::Queued | Self::ChecksRunning => Waiting::Nobody,
            Self::Draft | Self::Conflicts | Self::ChecksFailed | Self::OutOfDate | Self::Ready => Waiting::Author,
            // Whoever wanted something changed and is asked again has the ball.
            Self::ChangesRequested | Self::AwaitingReview => {
                let asked: Vec<Reviewer> = it.requests.iter().map(|request| request.of.clone()).collect();
                match (self, asked.is_empty()) {
                    (Self::ChangesRequested, true) => Waiting::Author,
                    (_, true) => Waiting::SomeReviewer,
                    (_, false) => Waiting::Reviewers(asked),
                }
            }
        }
    }
}

/// Whether a review is missing: GitHub's word where it told, else by what is known of approvals and requests.
fn awaits_review(it: &Whole) -> bool {
    let approvals = it.approvals();
    match (it.pull_request.approvals_needed, it.pull_request.review_required) {
        (Some(needed), _) if needed > 0 => approvals < usize::try_from(needed).unwrap_or(usize::MAX),
        // Events tell of approvals before GitHub is asked again.
        (_, Some(true)) => approvals == 0,
        (_, Some(false)) => false,
        (_, None) => approvals == 0,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::{Actor, Checks, PullRequest, Repository, Request, Review};
    use super::*;

    fn actor(id: i64) -> Actor {
        Actor { id, login: format!("u{id}"), bot: false }
    }

    fn request(id: i64) -> Request {
        Request { of: Reviewer::Actor(actor(id)), by: None, at: DateTime::UNIX_EPOCH, again: false }
    }

    fn review(id: i64, verdict: Verdict) -> Review {
        Review { by: Some(actor(id)), verdict, sha: None, at: DateTime::UNIX_EPOCH }
    }

    fn whole() -> Whole {
        let at = DateTime::UNIX_EPOCH;
        Whole {
            pull_request: PullRequest {
                id: 1,
                repository_id: 1,
                number: 7,
                node_id: None,
                title: "Retry once".into(),
                url: None,
                author_id: Some(1),
                state: State::Open,
                draft: false,
                head_sha: "a".into(),
                head_ref: "b".into(),
                base_ref: "main".into(),
                merge_sha: None,
                merged_by: None,
                created_at: at,
                closed_at: None,
                size: None,
                labels: Vec::new(),
                auto_merge: false,
                queued_at: None,
                mergeable: Mergeable::Unknown,
                behind: false,
                review_required: None,
                approvals_needed: None,
                active_at: at,
                source_at: at,
                revision: 1,
            },
            repository: Repository { id: 1, name: "mosaic/pay".into(), default_branch: None, url: None },
            author: Some(actor(1)),
            merged_by: None,
            requests: Vec::new(),
            reviews: Vec::new(),
            checks: Checks::default(),
        }
    }

    fn standing(change: impl FnOnce(&mut Whole)) -> (Standing, Waiting) {
        let mut it = whole();
        change(&mut it);
        let standing = Standing::of(&it);
        (standing, standing.waits_for(&it))
    }

    #[test]
    fn what_must_happen_first_is_what_it_waits_for() {
        let author = Waiting::Author;
        let failed = |it: &mut Whole| it.checks.failed.push(("build".into(), None));
        assert_eq!(standing(|_| {}), (Standing::AwaitingReview, Waiting::SomeReviewer));
        let asked = standing(|it| it.requests.push(request(2)));
        assert_eq!(asked, (Standing::AwaitingReview, Waiting::Reviewers(vec![Reviewer::Actor(actor(2))])));
        assert_eq!(standing(|it| it.reviews.push(review(2, Verdict::Approved))), (Standing::Ready, author.clone()));
        assert_eq!(standing(failed), (Standing::ChecksFailed, author.clone()));
        let both = |it: &mut Whole| {
            failed(it);
            it.pull_request.mergeable = Mergeable::Conflicting;
        };
        assert_eq!(standing(both), (Standing::Conflicts, author.clone()));
        assert_eq!(standing(|it| it.pull_request.draft = true), (Standing::Draft, author.clone()));
        assert_eq!(standing(|it| it.pull_request.state = State::Merged), (Standing::Merged, Waiting::Nobody));
    }

    #[test]
    fn whoever_wanted_a_change_waits_for_the_author_until_asked_again() {
        let wants = |it: &mut Whole| it.reviews.push(review(2, Verdict::ChangesRequested));
        assert_eq!(standing(wants), (Standing::ChangesRequested, Waiting::Author));
        let again = standing(|it| {
            wants(it);
            it.requests.push(request(2));
        });
        assert_eq!(again, (Standing::ChangesRequested, Waiting::Reviewers(vec![Reviewer::Actor(actor(2))])));
    }

    #[test]
    fn as_many_approvals_are_awaited_as_its_base_asks_for() {
        let one = |it: &mut Whole| it.reviews.push(review(2, Verdict::Approved));
        let two_needed = standing(|it| {
            one(it);
            it.pull_request.approvals_needed = Some(2);
        });
        assert_eq!(two_needed.0, Standing::AwaitingReview);
        let none_needed = standing(|it| it.pull_request.review_required = Some(false));
        assert_eq!(none_needed.0, Standing::Ready);
        let behind = standing(|it| {
            one(it);
            it.pull_request.behind = true;
        });
        assert_eq!(behind.0, Standing::OutOfDate);
    }
}
