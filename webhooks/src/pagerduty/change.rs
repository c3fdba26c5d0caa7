//! What an event did to an incident, for whoever tells people.

use console::notify::incident::{Change, tell};
use console::{Ctx, Failure};
use domain::PgConnection;
use domain::incidents::{Incident, LogEntry, Status};

/// An incident has a newer state: with its status before, whom it asks now and did not before, and what was newly logged.
pub(super) async fn after(
    ctx: &Ctx,
    db: &mut PgConnection,
    id: &str,
    (before, asked, entry): (Option<Status>, &[String], Option<LogEntry>),
) -> anyhow::Result<()> {
    let Some(incident) = Incident::with_id(&mut *db, id).await? else { return Ok(()) };
    let told = news(before, incident.status);
    let change = Change { incident: &incident, before, asked, entry: entry.as_ref(), told };
    told_by(tell(db, &ctx.rules, &change).await)
}

/// Something was logged of an incident whose state stays; of one that is not known yet nobody can be told.
pub(super) async fn noted(
    ctx: &Ctx,
    db: &mut PgConnection,
    id: &str,
    (entry, told): (Option<LogEntry>, bool),
) -> anyhow::Result<()> {
    let Some(entry) = entry else { return Ok(()) };
    let Some(incident) = Incident::hold(db, id).await? else { return Ok(()) };
    let before = Some(incident.status);
    let change = Change { incident: &incident, before, asked: &[], entry: Some(&entry), told };
    told_by(tell(db, &ctx.rules, &change).await)
}

/// Telling has no asker whose mistake it could be.
fn told_by(told: Result<(), Failure>) -> anyhow::Result<()> {
    match told {
        Ok(()) => Ok(()),
        Err(Failure::Internal(error)) => Err(error),
        Err(Failure::User(card)) => Err(anyhow::anyhow!("people could not be told: {}", card.title)),
    }
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
