//! What an event did to an incident, for whoever tells people.

use console::Ctx;
use domain::PgConnection;
use domain::incidents::{Incident, LogEntry, Status};

/// An incident has a newer state: with its status before, whom it asks now and did not before, and what was newly logged.
pub(super) async fn after(
    _ctx: &Ctx,
    db: &mut PgConnection,
    id: &str,
    (before, asked, entry): (Option<Status>, &[String], Option<LogEntry>),
) -> anyhow::Result<()> {
    let Some(incident) = Incident::with_id(&mut *db, id).await? else { return Ok(()) };
    let told = news(before, incident.status);
    tracing::debug!(
        incident = id,
        ?before,
        now = ?incident.status,
        asked = asked.len(),
        logged = entry.is_some(),
        told,
        "an incident changed"
    );
    Ok(())
}

/// Something was logged of an incident whose state stays; of one that is not known yet nobody can be told.
pub(super) async fn noted(
    _ctx: &Ctx,
    db: &mut PgConnection,
    id: &str,
    entry: Option<LogEntry>,
    news: bool,
) -> anyhow::Result<()> {
    let (Some(entry), Some(incident)) = (entry, Incident::with_id(&mut *db, id).await?) else { return Ok(()) };
    tracing::debug!(incident = id, number = incident.number, kind = entry.kind, news, "an incident's log grew");
    Ok(())
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
