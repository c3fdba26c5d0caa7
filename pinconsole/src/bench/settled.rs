//! When everything that came in has been dealt with.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use domain::PgPool;
use domain::delivery::Source;
use tokio::time::sleep;

/// How long that may take.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Asked so seldom, since asking is on the bill of the database too.
pub const EACH: Duration = Duration::from_millis(25);

/// Waits until every event of a sender is applied. By the index of what waits.
pub async fn settled(db: &PgPool, source: Source) -> Result<()> {
    let waits = match source {
        Source::Github => "select exists (select from inbox.delivery where source = 'github' and state = 'pending')",
        Source::Pagerduty => {
            "select exists (select from inbox.delivery where source = 'pagerduty' and state = 'pending')"
        }
    };
    none(db, waits).await.context("not every event is applied")
}

/// Waits until this query finds nothing any more.
pub async fn none(db: &PgPool, waits: &'static str) -> Result<()> {
    let begun = Instant::now();
    while sqlx::query_scalar(waits).fetch_one(db).await? {
        ensure!(begun.elapsed() < PATIENCE, "it takes more than {PATIENCE:?}");
        sleep(EACH).await;
    }
    Ok(())
}
