use domain::github::{Change, Known, Mergeable, State};

/// What became of a pull request, those who are asked to review it aside.
pub(super) fn changes(before: &Known, after: &Known, reason: Option<&str>) -> Vec<Change> {
    let mut changes = Vec::new();
    match (before.state, after.state) {
        (State::Open | State::Closed, State::Merged) => changes.push(Change::Merged),
        (State::Open | State::Merged, State::Closed) => changes.push(Change::Closed),
        (State::Closed | State::Merged, State::Open) => changes.push(Change::Reopened),
        (State::Open, State::Open) | (State::Closed, State::Closed) | (State::Merged, State::Merged) => {}
    }
    match (before.draft, after.draft) {
        (true, false) => changes.push(Change::Ready),
        (false, true) => changes.push(Change::Drafted),
        (true, true) | (false, false) => {}
    }
    if before.head_sha != after.head_sha {
        changes.push(Change::Pushed);
    }
    let shown = |it: &Known| (it.title.clone(), it.base_ref.clone(), it.labels().to_vec(), it.approvals_needed);
    if shown(before) != shown(after) {
        changes.push(Change::Edited);
    }
    match (before.queued_at, after.queued_at) {
        (None, Some(_)) => changes.push(Change::Queued),
        // What is merged or closed left the queue by that.
        (Some(_), None) if after.state == State::Open => {
            changes.push(Change::Dequeued { reason: reason.unwrap_or_default().into() });
        }
        _ => {}
    }
    match (before.mergeable, after.mergeable) {
        (Mergeable::Mergeable | Mergeable::Unknown, Mergeable::Conflicting) => changes.push(Change::Conflicts),
        (Mergeable::Conflicting, Mergeable::Mergeable) => changes.push(Change::Clean),
        _ => {}
    }
    changes
}

/// What an event did to a pull request of which it is the first that we learn.
pub(super) fn own(action: &str, after: &Known, reason: Option<&str>) -> Option<Change> {
    Some(match (action, after.state) {
        ("closed", State::Merged) => Change::Merged,
        ("closed", State::Closed) => Change::Closed,
        ("reopened", State::Open) => Change::Reopened,
        ("ready_for_review", _) => Change::Ready,
        ("converted_to_draft", _) => Change::Drafted,
        ("synchronize", _) => Change::Pushed,
        ("edited" | "labeled" | "unlabeled", _) => Change::Edited,
        ("enqueued", _) => Change::Queued,
        ("dequeued", State::Open) => Change::Dequeued { reason: reason.unwrap_or_default().into() },
        _ => return None,
    })
}
