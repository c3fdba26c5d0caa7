//! Doing nothing, with everybody loaded.

use std::time::Duration;

use anyhow::Result;
use domain::pool;
use integrations::fake::World;
use tokio::time::sleep;
use url::Url;

use super::ground::Ground;
use super::report::{Goal, Report};
use super::served::Served;

/// What belongs to us, without the server's own tables.
const SIZE: &str = "select sum(pg_total_relation_size(c.oid))::float8 from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')";

pub async fn measure(ground: &Ground, seconds: u64) -> Result<Report> {
    let mut report = Report::new("idle", format!("{seconds} seconds without a request, people and groups loaded"));
    let database = ground.peopled().await?;
    let world = World::start().await?.tolerant();
    let served = Served::start(ground, &database, Some(&world))?;
    // What the start left to do is not idleness.
    sleep(Duration::from_secs(3)).await;
    let before = (served.cpu()?, ground.postgres_cpu()?);
    sleep(Duration::from_secs(seconds)).await;
    let minutes = seconds as f64 / 60.0;
    let (server, postgres) = ((served.cpu()? - before.0) / minutes, (ground.postgres_cpu()? - before.1) / minutes);
    report.aim("CPU a minute, server and Postgres", "s", Goal::AtMost(0.1), server + postgres);
    report.note("CPU a minute, server", "s", server);
    report.note("CPU a minute, Postgres", "s", postgres);
    report.aim("memory of the server", "MB", Goal::AtMost(40.0), served.resident()?);
    report.aim("on disk, indexes included", "MB", Goal::AtMost(60.0), size(&database).await?);
    report.note("on disk with 20,000 entities besides", "MB", size(ground.loaded().await?).await?);
    report.note("one fdatasync", "ms", ground.fdatasync()?);
    Ok(report)
}

async fn size(database: &Url) -> Result<f64> {
    let db = pool::pool(database.as_str(), 1)?;
    let bytes: f64 = sqlx::query_scalar(SIZE).fetch_one(&db).await?;
    db.close().await;
    Ok(bytes / 1024.0 / 1024.0)
}
