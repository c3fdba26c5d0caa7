//! Administrators are told when a source says nothing any more: because each reading of it fails, or because there is none.

use chrono::{DateTime, TimeDelta, Utc};
use console::notify::{self, sync};
use console::status;
use domain::run::{Run, Source};
use domain::tick::Job;
use domain::{PgConnection, PgPool};

use super::Jobs;

/// Three times the hour in which sources are meant to be read; one that is read less often has three of its own times.
const SILENT: TimeDelta = TimeDelta::hours(3);
const TIMES: usize = 3;

/// Tells of a silence that a failed reading makes longer.
pub(super) async fn failed(db: &mut PgConnection, run: &Run) -> sqlx::Result<()> {
    let heard = Run::heard_at(&mut *db, run.source).await?;
    if let Some(since) = heard.filter(|it| run.started_at - *it > SILENT) {
        notify::put(&mut *db, &sync::silent(status::name(run.source), since)).await?;
    }
    Ok(())
}

/// Tells that a silence ends with this reading, which is about to be kept.
pub(super) async fn heard(db: &mut PgConnection, run: &Run) -> sqlx::Result<()> {
    if let Some(since) = Run::heard_at(&mut *db, run.source).await? {
        let (key, card) = sync::heard(status::name(run.source), since, run.started_at);
        notify::edit(&mut *db, &key, &card).await?;
    }
    Ok(())
}

/// Tells of the sources that are meant to be read and were not for long, whatever keeps their jobs from it.
pub(super) async fn look(db: &PgPool, jobs: &Jobs) -> anyhow::Result<()> {
    let now = domain::timetable::now(db).await?;
    for (job, source) in [(Job::Ldap, Source::Ldap), (Job::Catalog, Source::Files)] {
        if !jobs.configured().any(|it| it == job) {
            continue;
        }
        let heard = Run::heard_at(db, source).await?;
        if let Some(since) = heard.filter(|it| overdue(jobs, job, *it, now)) {
            notify::put(db, &sync::silent(status::name(source), since)).await?;
        }
    }
    Ok(())
}

/// Whether several of a job's times have passed since then; one without times is read by hand.
fn overdue(jobs: &Jobs, job: Job, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let Ok(Some(cron)) = jobs.schedule.cron(job) else { return false };
    let mut times = std::iter::successors(cron.next(since), |it| cron.next(*it)).take_while(|it| *it <= now);
    now - since > SILENT && times.nth(TIMES).is_some()
}
