//! A pull request on the desk, with all that says who must act on it. It is the same as [`Whole::of`] would read once it is written.

use std::cmp::Reverse;

use super::desk::Desk;
use super::sheet::Sheet;
use super::{Checks, Outcome, PullRequest, Request, Review, Verdict, Whole};
use super::{Known, Reviewed};

impl Desk {
    /// A pull request as it is known now.
    pub fn whole(&self, id: i64) -> Option<Whole> {
        let sheet = self.sheets.get(&id)?;
        let known = &sheet.known;
        Some(Whole {
            pull_request: pull_request(known),
            repository: self.book.repository(known.repository_id),
            author: known.author_id.and_then(|it| self.book.actor(it)),
            merged_by: known.merged_by.and_then(|it| self.book.actor(it)),
            requests: self.requests(sheet),
            reviews: self.counted(sheet),
            checks: self.found(known),
        })
    }

    fn requests(&self, sheet: &Sheet) -> Vec<Request> {
        let mut asked: Vec<_> = sheet.asked.iter().filter(|it| it.gone_at.is_none()).collect();
        asked.sort_by_key(|it| (it.at, it.of));
        let request = |it: &&super::Asking| {
            let of = self.book.reviewer(it.of)?;
            Some(Request { of, by: it.by, at: it.at, again: it.again })
        };
        asked.iter().filter_map(request).collect()
    }

    /// Of each reviewer what counts: the last verdict, or the last remark of whoever gave none. Authors do not review their own.
    fn counted(&self, sheet: &Sheet) -> Vec<Review> {
        let of_others = sheet.reviews.iter().filter(|it| it.actor_id != sheet.known.author_id);
        let mut reviews: Vec<&Reviewed> = of_others.collect();
        let order = |it: &&Reviewed| {
            let commented = it.verdict == Verdict::Commented;
            (it.actor_id.is_none(), it.actor_id, commented, Reverse(it.submitted_at), Reverse(it.id))
        };
        reviews.sort_by_key(order);
        reviews.dedup_by_key(|it| it.actor_id);
        reviews.sort_by_key(|it| Reverse(it.submitted_at));
        let review = |it: &Reviewed| Review {
            by: it.actor_id.and_then(|it| self.book.actor(it)),
            verdict: it.verdict,
            sha: it.sha.clone(),
            at: it.submitted_at,
        };
        reviews.into_iter().map(review).collect()
    }

    fn found(&self, known: &Known) -> Checks {
        let mut all: Vec<_> = self.checks((known.repository_id, &known.head_sha)).iter().collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        let mut checks = Checks::default();
        for it in all {
            match it.outcome {
                Outcome::Pending => checks.pending.push(it.name.clone()),
                Outcome::Failure => checks.failed.push((it.name.clone(), it.url.clone())),
                Outcome::Success | Outcome::Neutral => checks.passed += 1,
            }
        }
        checks
    }
}

fn pull_request(known: &Known) -> PullRequest {
    let it = known.clone();
    PullRequest {
        labels: it.labels().to_vec(),
        id: it.id,
        repository_id: it.repository_id,
        number: it.number,
        node_id: it.node_id,
        title: it.title,
        url: it.url,
        author_id: it.author_id,
        state: it.state,
        draft: it.draft,
        head_sha: it.head_sha,
        head_ref: it.head_ref,
        base_ref: it.base_ref,
        merge_sha: it.merge_sha,
        merged_by: it.merged_by,
        created_at: it.created_at,
        closed_at: it.closed_at,
        size: it.size,
        auto_merge: it.auto_merge,
        queued_at: it.queued_at,
        mergeable: it.mergeable,
        behind: it.merge_state.as_deref() == Some("BEHIND"),
        review_required: it.decision.map(|word| word == "REVIEW_REQUIRED"),
        approvals_needed: it.approvals_needed,
        active_at: it.active_at,
        source_at: it.source_at,
        revision: it.revision,
    }
}
