//! What events did to an incident, for whoever tells people.

use console::notify::incident::Change;
use domain::incidents::{Incident, LogEntry, Status};

/// An incident has a newer state: with its status before, whom it asks now and did not before, and what was newly logged.
pub(super) fn after(
    incident: Incident,
    (before, asked): (Option<Status>, Vec<String>),
    entry: Option<LogEntry>,
) -> Change {
    let told = news(before, incident.status);
    let log: Vec<LogEntry> = entry.filter(|_| told).into_iter().collect();
    // Of one that is only read of, it is not known whether somebody was told since.
    let escalated = log.iter().any(|it| it.kind == "escalated");
    Change { incident, before, asked, escalated, log, told }
}

/// Something was logged of an incident whose state stays; of each line, whether it is news.
pub(super) fn noted(incident: &Incident, log: Vec<(LogEntry, bool)>) -> Option<Change> {
    if log.is_empty() {
        return None;
    }
    let log: Vec<LogEntry> = log.into_iter().filter(|it| it.1).map(|it| it.0).collect();
    let (before, told) = (Some(incident.status), !log.is_empty());
    Some(Change { incident: incident.clone(), before, asked: Vec::new(), escalated: false, log, told })
}

/// Whether people are told: not of what was over before we knew of it.
fn news(before: Option<Status>, now: Status) -> bool {
    let open = |it: Status| it != Status::Resolved;
    open(now) || before.is_some_and(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_told_of_what_was_over_before_we_knew_of_it() {
        let (triggered, resolved) = (Status::Triggered, Status::Resolved);
        assert!(news(None, triggered) && news(Some(triggered), resolved) && news(Some(resolved), triggered));
        assert!(!news(None, resolved) && !news(Some(resolved), resolved));
    }
}
