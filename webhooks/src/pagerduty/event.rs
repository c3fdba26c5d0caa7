//! What PagerDuty's own events mean. <https://developer.pagerduty.com/docs/webhooks-overview#event-types>

use chrono::{DateTime, Utc};
use console::Ctx;
use console::notify::incident::Redraw;
use domain::PgConnection;
use domain::delivery::Claimed;
use domain::incidents::{Incident, LogEntry, Responder, Service, Written};
use integrations::pagerduty::{
    Data, Event, EventIncident, Kind, NoteAdded, Reference, Reply, ResponderAsked, ServiceChanged, StatusUpdate,
};

use super::change::{after, noted};
use super::{other, state};
use crate::apply::Applied;

/// An event with where it came from.
pub(super) struct Told<'a> {
    /// Its sender's id of it.
    pub(super) id: &'a str,
    /// What happened, as a log has it.
    pub(super) word: &'a str,
    /// When it happened.
    pub(super) at: DateTime<Utc>,
    /// Who did it.
    pub(super) agent: Option<&'a Reference>,
}

/// Applies an event.
pub(super) async fn apply(ctx: &Ctx, db: &mut PgConnection, claimed: &Claimed, body: &[u8]) -> anyhow::Result<Applied> {
    let event = match Event::parse(body) {
        Ok(event) => event,
        Err(error) => return Ok(Applied::Unparsed(error.to_string())),
    };
    let told = Told {
        id: &claimed.external_id,
        word: claimed.event.strip_prefix("incident.").unwrap_or(&claimed.event),
        at: event.occurred_at.unwrap_or(claimed.received_at),
        agent: event.agent.as_ref(),
    };
    match (&event.data, &event.kind) {
        (Data::Incident(it), kind) => incident(ctx, db, &told, (kind, it)).await,
        (Data::Note(it), _) => note(ctx, db, &told, it).await,
        (Data::StatusUpdate(it), _) => update(ctx, db, &told, it).await,
        (Data::Responder(it), _) => responder(ctx, db, &told, it).await,
        (Data::Service(it), kind) => service(db, &told, (kind, it)).await,
        (Data::Other, Kind::Other(kind)) => other::apply(ctx, db, &told, (kind, body)).await,
        // A ping only asks whether we are here; the receiver keeps when it came.
        (Data::Ping { .. }, _) | (Data::Other, _) => Ok(Applied::Ignored),
        (Data::Unreadable(error), _) => Ok(Applied::Unparsed(error.to_string())),
    }
}

impl Told<'_> {
    /// Its line in an incident's log.
    pub(super) fn entry(&self, text: String) -> LogEntry {
        LogEntry {
            id: self.id.into(),
            at: self.at,
            kind: self.word.into(),
            who: self.who(),
            member_id: self.agent.filter(|it| it.is("user")).map(|it| it.id.clone()),
            text,
        }
    }

    /// Who did it, in words.
    pub(super) fn who(&self) -> Option<String> {
        self.agent.and_then(|it| it.summary.clone())
    }
}

async fn incident(
    ctx: &Ctx,
    db: &mut PgConnection,
    told: &Told<'_>,
    (kind, it): (&Kind, &EventIncident),
) -> anyhow::Result<Applied> {
    let known = Incident::hold(&mut *db, &it.id).await?;
    let state = match state::of_event(told, (kind, it), known.as_ref()) {
        Ok(state) => state,
        Err(why) => return Ok(Applied::Unparsed(why)),
    };
    let before = known.map(|it| it.status);
    let written = state.incident.write_over(db, before, &state.asked).await?;
    let entry = told.entry(String::new());
    let entry = entry.write(&mut *db, &it.id).await?.then_some(entry);
    Ok(Applied::Done(match written {
        Written::Older => noted(ctx, db, &it.id, (entry, false)).await?,
        Written::Newest { before, asked, incident } => after(ctx, db, &incident, (before, &asked, entry)).await?,
    }))
}

async fn note(ctx: &Ctx, db: &mut PgConnection, told: &Told<'_>, it: &NoteAdded) -> anyhow::Result<Applied> {
    log(ctx, db, told, (&it.incident, whole(&it.content, it.trimmed))).await
}

async fn update(ctx: &Ctx, db: &mut PgConnection, told: &Told<'_>, it: &StatusUpdate) -> anyhow::Result<Applied> {
    log(ctx, db, told, (&it.incident, whole(&it.message, it.trimmed))).await
}

/// A text, with a sign that PagerDuty keeps more of it.
fn whole(text: &str, trimmed: bool) -> String {
    if trimmed { format!("{text} …") } else { text.into() }
}

/// Adds to the log of an incident, which may not be known yet: then it waits for it there.
pub(super) async fn log(
    ctx: &Ctx,
    db: &mut PgConnection,
    told: &Told<'_>,
    (incident, text): (&Reference, String),
) -> anyhow::Result<Applied> {
    let entry = told.entry(text);
    let new = entry.write(&mut *db, &incident.id).await?;
    Ok(Applied::Done(noted(ctx, db, &incident.id, (new.then_some(entry), true)).await?))
}

async fn responder(ctx: &Ctx, db: &mut PgConnection, told: &Told<'_>, it: &ResponderAsked) -> anyhow::Result<Applied> {
    let asked = it.user.as_ref().or(it.escalation_policy.as_ref());
    let name = asked.map(|it| it.summary.clone().unwrap_or_else(|| it.id.clone()));
    if let (Some(asked), Some(name)) = (asked, &name) {
        let responder = Responder {
            is_policy: it.user.is_none(),
            target: asked.id.clone(),
            name: name.clone(),
            state: reply(&it.state).into(),
            message: it.message.clone(),
        };
        responder.write(&mut *db, &it.incident.id, told.at).await?;
    }
    let text = name.map_or_else(String::new, |name| format!("{name}: {}", reply(&it.state)));
    log(ctx, db, told, (&it.incident, text)).await
}

/// PagerDuty's word.
fn reply(reply: &Reply) -> &str {
    match reply {
        Reply::Pending => "pending",
        Reply::Joined => "joined",
        Reply::Declined => "declined",
        Reply::UserCancelled => "user_cancelled",
        Reply::Unknown(word) if word.is_empty() => "pending",
        Reply::Unknown(word) => word,
    }
}

async fn service(
    db: &mut PgConnection,
    told: &Told<'_>,
    (kind, it): (&Kind, &ServiceChanged),
) -> anyhow::Result<Applied> {
    if *kind == Kind::ServiceDeleted {
        Service::remove(db, &it.id, told.at).await?;
        return Ok(Applied::Done(Redraw::default()));
    }
    let name = it.summary.as_deref().unwrap_or(&it.id);
    Service::rename(db, (&it.id, name, it.html_url.as_deref()), told.at).await?;
    Ok(Applied::Done(Redraw::default()))
}
