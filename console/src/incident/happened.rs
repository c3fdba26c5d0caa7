use domain::incidents::LogEntry;

use super::one_line;

/// What happened to an incident, in a few words, such as "Acknowledged by Grace Okafor".
pub fn happened(entry: &LogEntry) -> String {
    let what = match entry.kind.as_str() {
        "triggered" => "Triggered",
        "acknowledged" => "Acknowledged",
        "unacknowledged" => "No longer acknowledged",
        "delegated" => "Given to another escalation policy",
        "escalated" => "Escalated",
        "reassigned" => "Reassigned",
        "annotated" => "Note",
        "resolved" => "Resolved",
        "reopened" => "Reopened",
        "priority_updated" => "Priority changed",
        "service_updated" => "Moved to another service",
        "responder.added" => "Asked for help",
        "responder.replied" => "Answered a request for help",
        "status_update_published" => "Status update",
        other => return with(&capital(other), entry.who.as_deref()),
    };
    with(what, entry.who.as_deref())
}

fn with(what: &str, who: Option<&str>) -> String {
    match who {
        Some(who) => format!("{what} by {}", one_line(who)),
        None => what.to_string(),
    }
}

/// A word of PagerDuty that is new to us, as words.
fn capital(word: &str) -> String {
    let words = one_line(&word.replace(['_', '.'], " "));
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |it| it.to_uppercase().chain(letters).collect())
}
