//! Events from the webhook until they are applied, and until everybody is told.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use domain::PgPool;
use domain::delivery::Source;
use integrations::fake::slack::Slack;

use super::events::{HISTORY, event};
use super::{CALLERS, fill, notices};
use crate::bench::figures::quantile;
use crate::bench::ground::Ground;
use crate::bench::load;
use crate::bench::report::{Goal, Report};
use crate::bench::served::Served;
use crate::bench::settled::settled;

/// Pull requests to which all that [`HISTORY`] names happens in a round.
const BUSY: usize = 1_000;
/// Events a second when the time until one is applied is measured, and for how long. A company of this size has a tenth of it.
const PACE: u32 = 200;
const TIME: Duration = Duration::from_secs(5);

/// Where things happen.
pub struct Storm<'a> {
    /// The machine.
    pub ground: &'a Ground,
    /// The database.
    pub db: &'a PgPool,
    /// What takes events in.
    pub served: &'a Served,
    /// Where people are told.
    pub slack: Slack,
}

impl Storm<'_> {
    /// Everything as fast as it is taken in.
    pub async fn at_once(&self, report: &mut Report, round: usize) -> Result<()> {
        fill::pulls(self.db).await?;
        self.anew().await?;
        let steps = HISTORY.iter().enumerate();
        let events = steps.flat_map(|(nth, what)| (0..BUSY).map(move |it| event(what, it, round * 10 + nth)));
        let events = Arc::new(events.collect());
        let (before, begun) = (self.cpu()?, Utc::now());
        let stored = load::once(self.served.signed, CALLERS, &events).await?;
        settled(self.db, Source::Github).await?;
        let ended = "select max(at) from public.applied";
        let ended: Option<DateTime<Utc>> = sqlx::query_scalar(ended).fetch_one(self.db).await?;
        let seconds = (ended.context("nothing was applied")? - begun).as_seconds_f64();
        notices::arrived(self.db).await?;
        let (used, thousands) = (self.cpu()?, stored.answers() / 1_000.0);
        let (server, postgres) = ((used.0 - before.0) / thousands, (used.1 - before.1) / thousands);
        report.note("64 connections, acknowledged", "a second", stored.rate());
        report.aim("64 connections, stored and applied", "a second", Goal::AtLeast(500.0), stored.answers() / seconds);
        report.note("CPU per 1,000 stored, applied and told, server and Postgres", "s", server + postgres);
        report.note("CPU per 1,000, Postgres", "s", postgres);
        notices::note(report, &self.slack, ("all at once", begun), stored.answers())
    }

    /// A steady stream, of which each pull request has one event.
    pub async fn steadily(&self, report: &mut Report, round: usize) -> Result<()> {
        self.anew().await?;
        let count = usize::try_from(PACE)? * usize::try_from(TIME.as_secs())?;
        let events = (0..count).map(|it| event(HISTORY[it % HISTORY.len()], BUSY + it, round * 10));
        let (events, begun) = (Arc::new(events.collect()), Utc::now());
        load::open(self.served.signed, PACE, TIME, &events).await?;
        settled(self.db, Source::Github).await?;
        let lags = "select extract(epoch from at - received_at)::float8 * 1000 from public.applied";
        let lags: Vec<f64> = sqlx::query_scalar(lags).fetch_all(self.db).await?;
        ensure!(lags.len() >= count / 5, "only {} of {count} events were applied", lags.len());
        report.note("from receipt to applied under 200 a second, half within", "ms", quantile(&lags, 0.5));
        let slowest = quantile(&lags, 0.99);
        report.aim("from receipt to applied under 200 a second, 99 of 100 within", "ms", Goal::AtMost(1000.0), slowest);
        notices::arrived(self.db).await?;
        notices::note(report, &self.slack, ("under 200 a second", begun), count as f64)
    }

    /// Lets nothing have been applied, and nobody told.
    async fn anew(&self) -> Result<()> {
        sqlx::query("truncate public.applied").execute(self.db).await?;
        notices::forget(self.db).await
    }

    /// Seconds of CPU that the server and Postgres used so far.
    fn cpu(&self) -> Result<(f64, f64)> {
        Ok((self.served.cpu()?, self.ground.postgres_cpu()?))
    }
}
