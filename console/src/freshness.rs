//! How old the facts of an answer are.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use cards::Text;
use chrono::{DateTime, Utc};
use domain::run::{Run, Source};

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
    let read = |_| async {
        let directory = Run::fresh_at(&ctx.db, Source::Ldap).await?;
        Ok(HashMap::from([((), Fresh { directory, files: Run::fresh_at(&ctx.db, Source::Files).await? })]))
    };
    let fresh = ctx.shared.ages_read.ask((), read).await?.unwrap_or_default();
    if let Ok(mut ages) = ctx.shared.ages.0.lock() {
        *ages = Some((Instant::now(), fresh));
    }
    Ok(fresh)
}

fn known(ages: &Ages) -> Option<Fresh> {
    let (at, fresh) = (*ages.0.lock().ok()?)?;
    (at.elapsed() < AGE).then_some(fresh)
}
