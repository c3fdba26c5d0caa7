//! What jobs did, do and will do, for people to read.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use crate::tick::{Job, Outcome};

/// How a job fared lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fared {
    /// Which job.
    pub job: Job,
    /// When it runs, as a replica told last.
    pub plan: Option<Plan>,
    /// Its last run that ended, skipped ones included.
    pub last: Option<Ended>,
    /// The run under way.
    pub running: Option<Running>,
    /// How many runs wait.
    pub waiting: i64,
}

/// When a job runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its cron expression, or `off`.
    pub expression: String,
    /// The zone of the expression.
    pub zone: String,
    /// When it runs next.
    pub next_at: Option<DateTime<Utc>>,
    /// Whether that was minutes ago, so that no replica seems to be there.
    pub overdue: bool,
}

/// A run that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When it was due, or asked for.
    pub scheduled_for: DateTime<Utc>,
    /// Who asked for it, where somebody did.
    pub asked_by: Option<String>,
    /// When it began, where it did.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
    /// How often it was begun.
    pub attempts: i32,
    /// How it ended.
    pub outcome: Outcome,
    /// What there is to say of it.
    pub note: String,
}

/// A run under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// By which process, as `host:pid`.
    pub holder: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whether its process has been silent for so long that another one may take it over.
    pub silent: bool,
}

impl Fared {
    /// How a job fared.
    pub async fn of<'e>(db: impl PgExecutor<'e> + Copy, job: Job) -> sqlx::Result<Self> {
        let plan = sqlx::query_as!(
            Plan,
            r#"select expression, zone, next_at, coalesce(next_at < now() - interval '2 minutes', false) as "overdue!"
             from schedule.timetable where job = $1"#,
            job.as_str()
        );
        let running = sqlx::query_as!(
            Running,
            r#"select holder as "holder!", started_at as "since!", leased_until <= now() as "silent!"
             from schedule.tick where job = $1 and finished_at is null and leased_until is not null
             order by started_at desc limit 1"#,
            job.as_str()
        );
        let waiting = sqlx::query_scalar!(
            r#"select count(*) as "count!" from schedule.tick
             where job = $1 and finished_at is null and leased_until is null"#,
            job.as_str()
        );
        Ok(Self {
            job,
            plan: plan.fetch_optional(db).await?,
            last: Ended::last(db, job).await?,
            running: running.fetch_optional(db).await?,
            waiting: waiting.fetch_one(db).await?,
        })
    }
}

impl Ended {
    async fn last(db: impl PgExecutor<'_>, job: Job) -> sqlx::Result<Option<Self>> {
        let row = sqlx::query!(
            r#"select scheduled_for, asked_by, started_at, finished_at as "finished_at!", attempts,
                coalesce(outcome, '') as "outcome!", coalesce(note, '') as "note!"
             from schedule.tick where job = $1 and finished_at is not null
             order by finished_at desc, scheduled_for desc limit 1"#,
            job.as_str()
        );
        row.map(|it| Self {
            scheduled_for: it.scheduled_for,
            asked_by: it.asked_by,
            started_at: it.started_at,
            finished_at: it.finished_at,
            attempts: it.attempts,
            outcome: Outcome::told(&it.outcome),
            note: it.note,
        })
        .fetch_optional(db)
        .await
    }
}

/// Forgets runs that ended 90 days ago, and all but the last thousand of each job; how many there were.
///
/// The newest run of a schedule stays however old it is: from there the next ones are counted.
pub async fn forget(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    let forgotten = sqlx::query!(
        "delete from schedule.tick where id in (
            select id from (
                select id, finished_at, asked_by,
                    row_number() over (partition by job order by scheduled_for desc) as place,
                    row_number() over (partition by job, asked_by is null order by scheduled_for desc) as own
                from schedule.tick
            ) it
            where finished_at is not null and (place > 1000 or finished_at < now() - interval '90 days')
                and not (asked_by is null and own = 1)
            limit 10000
         )"
    );
    Ok(forgotten.execute(db).await?.rows_affected())
}
