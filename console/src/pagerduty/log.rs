use domain::incidents::LogEntry;
use integrations::pagerduty::{self as wire, LogKind};
use serde::{Deserialize, Serialize};

/// What was read of an incident's log.
#[derive(Debug, Deserialize, Serialize)]
pub struct Log {
    /// The incident's id.
    pub incident: String,
    /// PagerDuty's entries.
    pub entries: Vec<wire::LogEntry>,
}

/// An entry of PagerDuty's log, in the words of its events; none for one that says nothing about the incident, such as that
/// somebody's phone rang.
pub fn entry(it: &wire::LogEntry) -> Option<LogEntry> {
    let agent = it.agent.as_ref();
    Some(LogEntry {
        id: it.id.clone(),
        at: it.created_at?,
        kind: word(&it.kind)?.into(),
        who: agent.and_then(|it| it.summary.clone()),
        member_id: agent.filter(|it| it.is("user")).map(|it| it.id.clone()),
        text: note(it).unwrap_or_default().into(),
    })
}

fn word(kind: &LogKind) -> Option<&str> {
    Some(match kind {
        LogKind::Trigger => "triggered",
        LogKind::Acknowledge => "acknowledged",
        LogKind::Unacknowledge => "unacknowledged",
        LogKind::Resolve => "resolved",
        LogKind::Assign => "reassigned",
        LogKind::Escalate => "escalated",
        LogKind::Delegate => "delegated",
        LogKind::Annotate => "annotated",
        LogKind::Snooze => "snoozed",
        LogKind::UrgencyChange => "urgency_changed",
        LogKind::Exhaust => "exhausted",
        LogKind::Repeat => "repeated",
        LogKind::Notify => return None,
        LogKind::Other(word) => word.strip_suffix("_log_entry").unwrap_or(word),
    })
}

fn note(it: &wire::LogEntry) -> Option<&str> {
    match it.kind {
        LogKind::Annotate => it.note.as_deref().or_else(|| it.channel.as_ref()?.summary.as_deref()),
        _ => None,
    }
}
