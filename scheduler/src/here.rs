//! A run that a process begins itself, for somebody who waits for it.

use std::time::Duration;

use domain::PgPool;
use domain::tick::{Busy, Job, Outcome, Tick};

use crate::jobs::Report;
use crate::run::RENEWAL;

/// How often one looks whether the job is free.
const PACE: Duration = Duration::from_millis(500);

/// A run that this process begins itself; it never overlaps one of the schedule.
pub struct Here<'a> {
    /// The database.
    pub db: &'a PgPool,
    /// Which job.
    pub job: Job,
    /// Who asked; without anybody it stands for the schedule's own run.
    pub asked_by: Option<&'a str>,
    /// This process, as `host:pid`.
    pub holder: &'a str,
}

impl Here<'_> {
    /// Waits until the job is free, telling once who is at it, then does the work.
    pub async fn run(
        &self,
        waits: impl Fn(&Busy),
        work: impl AsyncFnOnce(&Tick) -> anyhow::Result<Report>,
    ) -> anyhow::Result<Report> {
        let tick = self.begin(waits).await?;
        let done = tokio::select! {
            done = work(&tick) => done,
            () = self.renew(&tick) => anyhow::bail!("another process has taken over, so nothing was written: try again"),
        };
        let (outcome, note) = match &done {
            Ok(report) => report.ended(),
            Err(_) => (Outcome::Failed, "It failed; the terminal where it was begun says why.".into()),
        };
        match (tick.finish(self.db, outcome, &note).await, done) {
            (Err(error), Ok(_)) => Err(error.into()),
            (_, done) => done,
        }
    }

    async fn begin(&self, waits: impl Fn(&Busy)) -> sqlx::Result<Tick> {
        let mut told = false;
        loop {
            match Tick::start(self.db, self.job, self.asked_by, self.holder).await? {
                Ok(tick) => return Ok(tick),
                Err(busy) => {
                    if !std::mem::replace(&mut told, true) {
                        waits(&busy);
                    }
                    tokio::time::sleep(PACE).await;
                }
            }
        }
    }

    /// Returns once another process has taken over; while the database is away nobody can.
    async fn renew(&self, tick: &Tick) {
        loop {
            tokio::time::sleep(RENEWAL).await;
            if let Ok(false) = tick.renew(self.db).await {
                return;
            }
        }
    }
}
