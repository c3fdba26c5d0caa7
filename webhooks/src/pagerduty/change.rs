//! What an event did to an incident, for whoever tells people.

use console::Ctx;
use console::notify::incident::{Change, Redraw, tell};
use domain::PgConnection;
use domain::incidents::{Incident, LogEntry, Status};

use crate::failing::told_by;

/// An incident has a newer state: with its status before, whom it asks now and did not before, and what was newly logged.
pub(super) async fn after(
    ctx: &Ctx,
    db: &mut PgConnection,
    incident: &Incident,
    (before, asked, entry): (Option<Status>, &[String], Option<LogEntry>),
) -> anyhow::Result<Redraw> {
    let told = news(before, incident.status);
    let change = Change { incident, before, asked, entry: entry.as_ref(), told };
    told_by(tell(db, &ctx.rules, &change).await)
}

/// Something was logged of an incident whose state stays; of one that is not known yet nobody can be told.
pub(super) async fn noted(
    ctx: &Ctx,
    db: &mut PgConnection,
    id: &str,
    (entry, told): (Option<LogEntry>, bool),
) -> anyhow::Result<Redraw> {
    let Some(entry) = entry else { return Ok(Redraw::default()) };
    let Some(incident) = Incident::hold(&mut *db, id).await? else { return Ok(Redraw::default()) };
    let before = Some(incident.status);
    let change = Change { incident: &incident, before, asked: &[], entry: Some(&entry), told };
    told_by(tell(db, &ctx.rules, &change).await)
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
