//! What is kept of what happened, for whoever reads a pull request's history. Reviews and comments are kept where they are told.

use domain::github::{Activity, Change, Happened, Reviewer};

/// What people read of a text beside its link.
const EXCERPT: usize = 300;

/// The beginning of a text.
pub(super) fn excerpt(text: Option<&str>) -> String {
    let text = text.unwrap_or_default().trim();
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{} …", text[..end].trim_end()),
        None => text.into(),
    }
}

/// The acts of what happened.
pub(super) fn acts(happened: &Happened) -> Vec<Activity> {
    let (pull_request, at) = (happened.pull_request_id, happened.at);
    let act = |change: &Change| {
        let (kind, of, text) = words(change)?;
        let id = format!("{kind}:{pull_request}:{}{of}", at.timestamp());
        Some(Activity { id, at, kind, actor_id: happened.by, text, url: None, source_at: at })
    };
    happened.changes.iter().filter_map(act).collect()
}

fn words(change: &Change) -> Option<(&'static str, String, String)> {
    let reviewer = |of: &Reviewer| match of {
        Reviewer::Actor(it) => (format!(":{}", it.id), it.login.clone()),
        Reviewer::Team(it) => (format!(":team{}", it.id), it.slug.clone()),
    };
    let (kind, (of, text)) = match change {
        Change::Ready => ("ready", Default::default()),
        Change::Drafted => ("drafted", Default::default()),
        Change::Closed => ("closed", Default::default()),
        Change::Reopened => ("reopened", Default::default()),
        Change::Merged => ("merged", Default::default()),
        Change::Pushed => ("pushed", Default::default()),
        Change::Requested { of, .. } => ("requested", reviewer(of)),
        Change::Unrequested { of } => ("unrequested", reviewer(of)),
        Change::Queued => ("queued", Default::default()),
        Change::Dequeued { reason } => ("dequeued", (String::new(), reason.clone())),
        // Stored where they are told.
        Change::Opened | Change::Reviewed { .. } | Change::Commented { .. } => return None,
        // What machines do, and what changes all the time.
        Change::Edited | Change::Mentioned { .. } => return None,
        Change::Failed { .. } | Change::Passed | Change::Conflicts | Change::Clean => return None,
    };
    Some((kind, of, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_end_between_letters() {
        assert_eq!(excerpt(Some(" short \n")), "short");
        let long = excerpt(Some(&"ä".repeat(400)));
        assert!(long.ends_with("ä …") && long.chars().count() == EXCERPT + 2, "{long}");
    }
}
