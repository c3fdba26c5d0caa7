//! How old the facts of an answer are.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use cards::Text;
use chrono::{DateTime, Utc};
use domain::incidents::{Part, Reading};
use domain::run::{Run, Source};
use domain::{PgPool, delivery};

use crate::{Ctx, Failure};

/// The ages themselves are at most this old.
const AGE: Duration = Duration::from_secs(2);

/// When each source was last read whole, as of a moment ago.
#[derive(Default)]
pub(crate) struct Ages(Mutex<Option<(Instant, Fresh)>>);

/// When each source was last read whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fresh {
    directory: Option<DateTime<Utc>>,
    files: Option<DateTime<Utc>>,
    incidents: Option<DateTime<Utc>>,
    shifts: Option<DateTime<Utc>>,
    event: Option<DateTime<Utc>>,
}

/// How old the directory's facts are.
pub(crate) async fn directory(ctx: &Ctx) -> Result<Text, Failure> {
    Ok(age("Directory", fresh(ctx).await?.directory))
}

/// How old the catalog's and the directory's facts are.
pub(crate) async fn all(ctx: &Ctx) -> Result<Text, Failure> {
    let fresh = fresh(ctx).await?;
    Ok(age("Catalog", fresh.files).then(" · ").then(age("Directory", fresh.directory)))
}

/// How old what PagerDuty says of incidents is.
pub async fn pagerduty(ctx: &Ctx) -> Result<Text, Failure> {
    let fresh = fresh(ctx).await?;
    let read = age("PagerDuty", fresh.incidents);
    Ok(match fresh.event {
        Some(at) => read.then(" · last event ").then(Text::ago(at)),
        None => read.then(" · no event yet"),
    })
}

/// How old what PagerDuty says of who is on call is.
pub async fn on_call(ctx: &Ctx) -> Result<Text, Failure> {
    Ok(age("On-call shifts", fresh(ctx).await?.shifts))
}

fn age(what: &str, since: Option<DateTime<Utc>>) -> Text {
    match since {
        Some(since) => Text::plain(format!("{what} read ")).then(Text::ago(since)),
        None => Text::plain(format!("{what} never read whole yet")),
    }
}

pub(crate) async fn fresh(ctx: &Ctx) -> Result<Fresh, Failure> {
    if let Some(fresh) = known(&ctx.shared.ages) {
        return Ok(fresh);
    }
    let read = |_| async { Ok(HashMap::from([((), read(&ctx.db).await?)])) };
    let fresh = ctx.shared.ages_read.ask((), read).await?.unwrap_or_default();
    if let Ok(mut ages) = ctx.shared.ages.0.lock() {
        *ages = Some((Instant::now(), fresh));
    }
    Ok(fresh)
}

async fn read(db: &PgPool) -> sqlx::Result<Fresh> {
    Ok(Fresh {
        directory: Run::fresh_at(db, Source::Ldap).await?,
        files: Run::fresh_at(db, Source::Files).await?,
        incidents: read_at(db, Part::Incidents).await?,
        shifts: read_at(db, Part::Shifts).await?,
        event: delivery::last(db, delivery::Source::Pagerduty).await?,
    })
}

async fn read_at(db: &PgPool, part: Part) -> sqlx::Result<Option<DateTime<Utc>>> {
    Ok(Reading::of(db, part).await?.and_then(|it| it.read_at))
}

fn known(ages: &Ages) -> Option<Fresh> {
    let (at, fresh) = (*ages.0.lock().ok()?)?;
    (at.elapsed() < AGE).then_some(fresh)
}
