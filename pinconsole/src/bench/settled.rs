//! When everything that came in has been applied.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use domain::PgPool;
use domain::delivery::Source;
use tokio::time::sleep;

/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Asked so seldom, and by the index of what waits, since asking is on the bill of the database too.
const EACH: Duration = Duration::from_millis(25);

/// Waits until no event of a sender waits.
pub async fn settled(db: &PgPool, source: Source) -> Result<()> {
    let begun = Instant::now();
    let waits = "select exists (select from inbox.delivery where source = $1 and state = 'pending')";
    let waits = || sqlx::query_scalar(waits).bind(source.as_str()).fetch_one(db);
    while waits().await.context("the inbox could not be read")? {
        ensure!(begun.elapsed() < PATIENCE, "after {PATIENCE:?} not every event is applied");
        sleep(EACH).await;
    }
    Ok(())
}
