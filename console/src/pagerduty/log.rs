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

/// PagerDuty's log in the words of its events, the first entry first; without those that say nothing about the incident, such
/// as that somebody's phone rang.
pub fn entries(of: &[wire::LogEntry]) -> Vec<LogEntry> {
    let mut entries: Vec<LogEntry> = of.iter().filter_map(entry).collect();
    entries.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    // The log has one word for both.
    entries.iter_mut().filter(|it| it.kind == TRIGGERED).skip(1).for_each(|it| it.kind = "reopened".into());
    entries
}

const TRIGGERED: &str = "triggered";

fn entry(it: &wire::LogEntry) -> Option<LogEntry> {
    let user = it.agent.as_ref().filter(|it| it.is("user"));
    Some(LogEntry {
        id: it.id.clone(),
        at: it.created_at?,
        kind: word(&it.kind, user.is_some())?.into(),
        who: it.agent.as_ref().and_then(|it| it.summary.clone()),
        member_id: user.map(|it| it.id.clone()),
        text: note(it).unwrap_or_default().into(),
    })
}

fn word(kind: &LogKind, by_somebody: bool) -> Option<&'static str> {
    Some(match kind {
        LogKind::Trigger => TRIGGERED,
        LogKind::Acknowledge => "acknowledged",
        LogKind::Unacknowledge => "unacknowledged",
        LogKind::Resolve => "resolved",
        // What PagerDuty does whenever an incident begins is no news.
        LogKind::Assign if !by_somebody => return None,
        LogKind::Assign => "reassigned",
        LogKind::Escalate => "escalated",
        LogKind::Delegate => "delegated",
        LogKind::Annotate => "annotated",
        LogKind::Snooze => "snoozed",
        LogKind::UrgencyChange => "urgency_changed",
        LogKind::Exhaust => "exhausted",
        LogKind::Repeat => "repeated",
        // Its events have words of their own for what there is besides.
        LogKind::Notify | LogKind::Other(_) => return None,
    })
}

fn note(it: &wire::LogEntry) -> Option<&str> {
    match it.kind {
        LogKind::Annotate => it.note.as_deref().or_else(|| it.channel.as_ref()?.summary.as_deref()),
        _ => None,
    }
}
