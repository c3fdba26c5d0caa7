//! Phrases about a pull request.

use domain::github::{Standing, Whole};

/// Checks that are named.
const NAMED: usize = 3;

/// The name and what it does.
pub(crate) fn title(whole: &Whole) -> String {
    format!("{} {}", whole.reference(), crate::incident::one_line(&whole.pull_request.title))
}

/// How it stands.
pub(crate) fn standing(whole: &Whole) -> &'static str {
    match Standing::of(whole) {
        Standing::Merged => "merged",
        Standing::Closed => "closed without being merged",
        Standing::Draft => "draft",
        Standing::Queued => "in the merge queue",
        Standing::Conflicts => "conflicts with its base",
        Standing::ChecksFailed => "checks failed",
        Standing::ChangesRequested => "changes requested",
        Standing::ChecksRunning => "checks are running",
        Standing::AwaitingReview => "waits for a review",
        Standing::OutOfDate => "behind its base",
        Standing::Ready => "ready to be merged",
    }
}

/// How many checks passed, or which failed.
pub(crate) fn checks(whole: &Whole) -> String {
    let checks = &whole.checks;
    let all = checks.passed + checks.pending.len() + checks.failed.len();
    match (all, checks.failed.len(), checks.pending.len()) {
        (0, _, _) => String::new(),
        (1, 0, 0) => "1 passed".into(),
        (_, 0, 0) => format!("all {all} passed"),
        (1, 0, _) => "1 is running".into(),
        (_, 0, _) => format!("{} of {all} passed", checks.passed),
        (1, _, _) => format!("{} failed", names(checks.failed.iter().map(|it| it.0.as_str()))),
        (_, failed, _) => format!("{failed} of {all} failed: {}", names(checks.failed.iter().map(|it| it.0.as_str()))),
    }
}

/// How many approve it.
pub(crate) fn approvals(whole: &Whole) -> String {
    match (whole.approvals(), whole.pull_request.approvals_needed) {
        (given, Some(needed)) if needed > 0 => format!("{given} of {needed}"),
        (0, _) => String::new(),
        (given, _) => given.to_string(),
    }
}

/// How much it changes.
pub(crate) fn size(whole: &Whole) -> String {
    let size = whole.pull_request.size;
    size.map_or_else(String::new, |(more, less, files)| {
        format!("+{more} −{less} in {}", crate::words::count(files.into(), "file", "files"))
    })
}

/// The first of several names, and how many more there are.
pub(crate) fn names<'a>(all: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = all.len().saturating_sub(NAMED);
    let first: Vec<String> = all.take(NAMED).map(crate::incident::one_line).collect();
    match more {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// What somebody did, after their name, and what is told of it besides.
pub(crate) fn done(kind: &str, text: &str) -> (String, String) {
    let text = if text.is_empty() { String::new() } else { crate::incident::one_line(text) };
    let plain = |words: &str| (words.to_string(), text.clone());
    match kind {
        "opened" => plain("opened it"),
        "ready" => plain("marked it ready"),
        "drafted" => plain("made it a draft"),
        "closed" => plain("closed it"),
        "reopened" => plain("opened it again"),
        "merged" => plain("merged it"),
        "pushed" => plain("pushed to it"),
        "requested" => (format!("asked {text} to review it"), String::new()),
        "unrequested" => (format!("no longer asks {text} to review it"), String::new()),
        "queued" => plain("put it into the merge queue"),
        "dequeued" => ("took it out of the merge queue".into(), dequeued(&text).into()),
        "changes_requested" => plain("asked for changes"),
        // Verbs already; a newer program's word is told as it is.
        other => plain(&other.replace('_', " ")),
    }
}

/// Why the merge queue put one out, by GitHub's word for it.
/// <https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request>
pub(crate) fn dequeued(reason: &str) -> &'static str {
    match reason {
        "MANUAL" => "somebody took it out",
        "MERGE" | "ALREADY_MERGED" => "it was merged",
        "MERGE_CONFLICT" => "it conflicts with what is merged before it",
        "CI_FAILURE" => "its checks failed there",
        "CI_TIMEOUT" => "its checks took too long there",
        "QUEUE_CLEARED" => "the queue was cleared",
        "ROLL_BACK" => "what is before it was taken back",
        "BRANCH_PROTECTIONS" => "the rules of its base do not allow it",
        "GIT_TREE_INVALID" | "INVALID_MERGE_COMMIT" => "GitHub could not make its commit",
        _ => "GitHub does not say why",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_told_in_sentences() {
        let told = |kind: &str, text: &str| {
            let (did, besides) = done(kind, text);
            format!("Ada {did} – {besides}")
        };
        assert_eq!(told("requested", "grace"), "Ada asked grace to review it – ");
        assert_eq!(told("commented", "Why\nonce?"), "Ada commented – Why once?");
        assert_eq!(told("dequeued", "CI_FAILURE"), "Ada took it out of the merge queue – its checks failed there");
        assert_eq!(told("thrown_away", ""), "Ada thrown away – ");
    }
}
