//! When jobs are due: what replicas look at, fill in, and tell.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::tick::Job;

/// Postgres's time, the one clock of all replicas.
pub async fn now(db: impl PgExecutor<'_>) -> sqlx::Result<DateTime<Utc>> {
    sqlx::query_scalar!(r#"select now() as "now!""#).fetch_one(db).await
}

/// How a job stands, by Postgres's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which job.
    pub job: Job,
    /// Postgres's time: what the replicas' own clocks say counts for nothing.
    pub now: DateTime<Utc>,
    /// The newest run of its schedule that has a row.
    pub filled: Option<DateTime<Utc>>,
    /// Whether a process is at it.
    pub running: bool,
    /// Whether a run waits, or was left by a process that ended.
    pub waiting: bool,
}

impl Standing {
    /// How these jobs stand.
    pub async fn of(db: impl PgExecutor<'_>, jobs: &[Job]) -> sqlx::Result<Vec<Self>> {
        let names: Vec<String> = jobs.iter().map(|it| it.as_str().into()).collect();
        let rows = sqlx::query!(
            r#"select name as "name!", now() as "now!",
                (select max(scheduled_for) from schedule.tick
                    where job = name and asked_by is null and scheduled_for <= now()) as filled,
                exists (select from schedule.tick where job = name and finished_at is null
                    and leased_until > now()) as "running!",
                exists (select from schedule.tick where job = name and finished_at is null
                    and (leased_until is null or leased_until <= now())) as "waiting!"
             from unnest($1::text[]) as name"#,
            &names
        );
        let found = rows.fetch_all(db).await?.into_iter().filter_map(|it| {
            let job = jobs.iter().find(|job| job.as_str() == it.name)?;
            Some(Self { job: *job, now: it.now, filled: it.filled, running: it.running, waiting: it.waiting })
        });
        Ok(found.collect())
    }
}

/// The runs of a schedule up to now: those to run and those to leave out, with why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filling {
    /// The run to begin.
    pub run: Option<DateTime<Utc>>,
    /// The runs that are left out, with why, the oldest first.
    pub skipped: Vec<(DateTime<Utc>, &'static str)>,
}

/// Gives each run a row, unless another replica was first; an older run that has not begun gives way to the newer one.
pub async fn fill(db: impl PgExecutor<'_>, job: Job, filling: &Filling) -> sqlx::Result<()> {
    let skipped = filling.skipped.iter().map(|(at, why)| (*at, Some(String::from(*why))));
    let all: Vec<(DateTime<Utc>, Option<String>)> = skipped.chain(filling.run.map(|at| (at, None))).collect();
    let ids: Vec<Uuid> = all.iter().map(|_| Uuid::now_v7()).collect();
    let (at, notes): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    sqlx::query!(
        "with overtaken as (
            update schedule.tick set finished_at = now(), outcome = 'skipped', note = 'a newer run was due by then'
            where job = $1 and asked_by is null and attempts = 0 and finished_at is null and scheduled_for < $5
         )
         insert into schedule.tick (id, job, scheduled_for, finished_at, outcome, note)
         select id, $1, at, case when note is not null then now() end, case when note is not null then 'skipped' end, note
         from unnest($2::uuid[], $3::timestamptz[], $4::text[]) as it (id, at, note) order by at
         on conflict on constraint tick_job_key do nothing",
        job.as_str(),
        &ids,
        &at,
        &notes as &[Option<String>],
        filling.run
    )
    .execute(db)
    .await?;
    Ok(())
}

/// When a job runs, for people to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement<'a> {
    /// Which job.
    pub job: Job,
    /// Its cron expression, or `off`.
    pub expression: &'a str,
    /// The zone of the expression.
    pub zone: &'a str,
    /// When it runs next.
    pub next_at: Option<DateTime<Utc>>,
    /// Which process says so.
    pub announced_by: &'a str,
}

impl Announcement<'_> {
    /// Tells it to whoever looks.
    pub async fn tell(&self, db: impl PgExecutor<'_>) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into schedule.timetable (job, expression, zone, next_at, announced_by) values ($1, $2, $3, $4, $5)
             on conflict (job) do update set expression = excluded.expression, zone = excluded.zone,
                next_at = excluded.next_at, announced_by = excluded.announced_by, announced_at = now()",
            self.job.as_str(),
            self.expression,
            self.zone,
            self.next_at,
            self.announced_by
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
