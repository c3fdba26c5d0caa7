//! The loop that each replica runs: look what is due, begin what nobody else has begun, sleep.

use std::sync::Arc;
use std::time::Duration;

use domain::PgPool;
use domain::tick::{Job, Tick};
use domain::timetable::{Announcement, Standing, fill};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::cron::Cron;
use crate::jobs::Jobs;
use crate::{Policy, run};

/// How long a run that somebody asked for, or that another replica left, may go unnoticed.
const LOOK: Duration = Duration::from_secs(15);

/// Runs the jobs of this replica, each when no other one does.
pub struct Runner {
    db: PgPool,
    holder: Arc<str>,
    jobs: Arc<Jobs>,
    plans: Vec<Plan>,
    runs: JoinSet<()>,
}

struct Plan {
    job: Job,
    cron: Option<Cron>,
    policy: Policy,
}

impl Runner {
    /// A runner under this name, `host:pid`, of the jobs that are configured; fails on a schedule that is none.
    pub fn new(db: PgPool, holder: String, jobs: Jobs) -> Result<Self, String> {
        let planned =
            jobs.configured().map(|job| Ok(Plan { job, cron: jobs.schedule.cron(job)?, policy: Jobs::policy(job) }));
        let plans = planned.collect::<Result<_, String>>()?;
        Ok(Self { db, holder: holder.into(), jobs: Arc::new(jobs), plans, runs: JoinSet::new() })
    }

    /// Runs jobs until told to stop; runs under way then get to finish, or are given back.
    pub async fn run(mut self, stop: CancellationToken) {
        let (mut away, mut told) = (false, false);
        while !stop.is_cancelled() {
            let wait = match self.turn(&stop, &mut told).await {
                Ok(wait) => {
                    away = false;
                    wait
                }
                Err(error) => {
                    // Once an outage: whoever reads the log knows by then.
                    if !std::mem::replace(&mut away, true) {
                        tracing::warn!(%error, "jobs wait for the database");
                    }
                    LOOK
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                // What waited for it may begin.
                Some(_) = self.runs.join_next() => {}
                () = stop.cancelled() => {}
            }
        }
        while self.runs.join_next().await.is_some() {}
    }

    /// One look at all jobs; how long until the next.
    async fn turn(&mut self, stop: &CancellationToken, told: &mut bool) -> sqlx::Result<Duration> {
        if !*told {
            self.announce().await?;
            *told = true;
        }
        let names: Vec<Job> = self.plans.iter().map(|it| it.job).collect();
        let mut wait = LOOK;
        for standing in Standing::of(&self.db, &names).await? {
            let filled = self.fill(standing).await?;
            if !standing.running && (standing.waiting || filled) {
                self.begin(standing.job, stop).await?;
            }
            let plan = self.plans.iter().find(|it| it.job == standing.job);
            let next = plan.and_then(|it| it.cron.as_ref()?.next(standing.now));
            // Rounded up, so that one look finds it due.
            let until = next.and_then(|it| (it - standing.now).to_std().ok()).map(|it| it + Duration::from_millis(1));
            wait = wait.min(until.unwrap_or(LOOK));
        }
        Ok(wait)
    }

    /// Gives the runs that are due their rows; whether one of them may begin.
    async fn fill(&self, standing: Standing) -> sqlx::Result<bool> {
        let Standing { job, now, filled, running, .. } = standing;
        let Some(plan) = self.plans.iter().find(|it| it.job == job) else { return Ok(false) };
        let Some(cron) = &plan.cron else { return Ok(false) };
        let Some(filling) = plan.policy.due(cron, filled, now, running) else { return Ok(false) };
        for (at, why) in &filling.skipped {
            tracing::warn!(job = job.as_str(), scheduled_for = %at, why, "a run is left out");
        }
        fill(&self.db, job, &filling).await?;
        self.tell(plan, now).await?;
        Ok(filling.run.is_some())
    }

    async fn begin(&mut self, job: Job, stop: &CancellationToken) -> sqlx::Result<()> {
        let Some(tick) = Tick::claim(&self.db, job, &self.holder).await? else { return Ok(()) };
        let (jobs, db, held) = (self.jobs.clone(), self.db.clone(), tick.clone());
        let work = tokio::spawn(async move { jobs.run(&db, &held).await });
        self.runs.spawn(run::see_through(self.db.clone(), tick, work, stop.clone()));
        Ok(())
    }

    async fn announce(&self) -> sqlx::Result<()> {
        let now = domain::timetable::now(&self.db).await?;
        for plan in &self.plans {
            self.tell(plan, now).await?;
        }
        Ok(())
    }

    /// Tells people when the job runs next.
    async fn tell(&self, plan: &Plan, now: chrono::DateTime<chrono::Utc>) -> sqlx::Result<()> {
        let announcement = Announcement {
            job: plan.job,
            expression: plan.cron.as_ref().map_or("off", Cron::text),
            zone: plan.cron.as_ref().map_or("UTC", |it| it.zone().name()),
            next_at: plan.cron.as_ref().and_then(|it| it.next(now)),
            announced_by: &self.holder,
        };
        announcement.tell(&self.db).await
    }
}
