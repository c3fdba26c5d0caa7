//! What a reading of PagerDuty's API found otherwise than it was known.

use chrono::TimeDelta;
use console::Ctx;
use console::notify::incident::Redraw;
use console::pagerduty::{Log, State, What, entries, service};
use domain::PgConnection;
use domain::delivery::Claimed;
use domain::incidents::{Assignee, Incident, Moment, Written};
use integrations::pagerduty as wire;

use super::change::{after, noted};
use crate::apply::Applied;

/// What happened longer ago is written down, but nobody is told of it any more.
const NEWS: TimeDelta = TimeDelta::hours(1);

/// Applies what was read.
pub(super) async fn apply(
    ctx: &Ctx,
    db: &mut PgConnection,
    claimed: &Claimed,
    (what, body): (What, &[u8]),
) -> anyhow::Result<Applied> {
    match what {
        What::Incident => match wire::Incident::parse(body) {
            Ok(it) => incident(ctx, db, claimed, &it).await,
            Err(error) => Ok(Applied::Unparsed(error.to_string())),
        },
        What::Log => match serde_json::from_slice::<Log>(body) {
            Ok(it) => log(ctx, db, claimed, &it).await,
            Err(error) => Ok(Applied::Unparsed(error.to_string())),
        },
        What::Service => match serde_json::from_slice::<wire::Service>(body) {
            Ok(it) => {
                let at = claimed.occurred_at.unwrap_or(claimed.received_at);
                let changed = service(&it).write(db, at).await?;
                Ok(if changed { Applied::Done(Redraw::default()) } else { Applied::Ignored })
            }
            Err(error) => Ok(Applied::Unparsed(error.to_string())),
        },
    }
}

async fn incident(ctx: &Ctx, db: &mut PgConnection, claimed: &Claimed, it: &wire::Incident) -> anyhow::Result<Applied> {
    let moment = Moment { read_at: claimed.occurred_at.unwrap_or(claimed.received_at), updated_at: it.updated_at };
    let state = match State::read(it, moment, &claimed.external_id) {
        Ok(state) => state,
        Err(why) => return Ok(Applied::Unparsed(why)),
    };
    // Events may have come since it was read, so it is weighed again.
    let known = Incident::hold(&mut *db, &it.id).await?;
    if let Some(known) = &known {
        let asked: Vec<String> = Assignee::of(&mut *db, &it.id).await?.into_iter().map(|it| it.member_id).collect();
        if !moment.decides(known.source_at) || state.same(known, &asked) {
            return Ok(Applied::Ignored);
        }
    }
    let before = known.map(|it| it.status);
    match state.incident.write_over(db, before, &state.asked).await? {
        Written::Older => Ok(Applied::Ignored),
        Written::Newest { before, asked, incident } => {
            Ok(Applied::Done(after(ctx, db, &incident, (before, &asked, None)).await?))
        }
    }
}

async fn log(ctx: &Ctx, db: &mut PgConnection, claimed: &Claimed, it: &Log) -> anyhow::Result<Applied> {
    let (mut changed, mut redraw) = (false, Redraw::default());
    for entry in entries(&it.entries) {
        if entry.write_read(&mut *db, &it.incident).await? {
            changed = true;
            let news = claimed.received_at - entry.at < NEWS;
            redraw.merge(noted(ctx, db, &it.incident, (Some(entry), news)).await?);
        }
    }
    Ok(if changed { Applied::Done(redraw) } else { Applied::Ignored })
}
