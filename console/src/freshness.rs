//! How old the facts of an answer are.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use cards::Text;
use chrono::{DateTime, Utc};
use domain::run::{Run, Source};

use crate::Ctx;

/// The ages themselves are at most this old.
const AGE: Duration = Duration::from_secs(2);

/// When each source was last read whole, as of a moment ago.
#[derive(Default)]
pub(crate) struct Ages(Mutex<Option<(Instant, Fresh)>>);

#[derive(Clone, Copy, Default)]
struct Fresh {
    directory: Option<DateTime<Utc>>,
    files: Option<DateTime<Utc>>,
}

/// How old the directory's facts are.
pub(crate) async fn directory(ctx: &Ctx) -> sqlx::Result<Text> {
    Ok(age("Directory", fresh(ctx).await?.directory))
}

/// How old the catalog's and the directory's facts are.
pub(crate) async fn all(ctx: &Ctx) -> sqlx::Result<Text> {
    let fresh = fresh(ctx).await?;
    Ok(age("Catalog", fresh.files).then(" · ").then(age("Directory", fresh.directory)))
}

fn age(what: &str, since: Option<DateTime<Utc>>) -> Text {
    match since {
        Some(since) => Text::plain(format!("{what} read ")).then(Text::ago(since)),
        None => Text::plain(format!("{what} never read whole yet")),
    }
}

async fn fresh(ctx: &Ctx) -> sqlx::Result<Fresh> {
    if let Some(fresh) = known(&ctx.ages) {
        return Ok(fresh);
    }
    let fresh = Fresh {
        directory: Run::fresh_at(&ctx.db, Source::Ldap).await?,
        files: Run::fresh_at(&ctx.db, Source::Files).await?,
    };
    if let Ok(mut ages) = ctx.ages.0.lock() {
        *ages = Some((Instant::now(), fresh));
    }
    Ok(fresh)
}

fn known(ages: &Ages) -> Option<Fresh> {
    let (at, fresh) = (*ages.0.lock().ok()?)?;
    (at.elapsed() < AGE).then_some(fresh)
}
