//! Runs of jobs: one row a run, so that each happens once whatever the number of replicas.
//!
//! Whoever runs one holds a lease, by Postgres's clock, and a fencing token that only grows: a holder that was overtaken
//! while it hung finds its token outdated in the very transaction in which it would write.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::postgres::types::PgInterval;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

/// How long a replica may be silent before another one takes its run over.
pub const LEASE: Duration = Duration::from_secs(60);

/// What happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Job {
    /// Reading the directory.
    Ldap,
    /// Reading the catalog's files.
    Catalog,
    /// Forgetting what is old.
    Housekeeping,
    /// Reading PagerDuty.
    Pagerduty,
    /// Asking PagerDuty whether its events reach us.
    PagerdutyFeed,
    /// Telling people that somebody comes on call.
    Handover,
    /// Reading which pull requests there are, and those that changed.
    Github,
    /// Asking GitHub whether pull requests conflict.
    GithubMergeability,
    /// Asking GitHub for events that did not reach us.
    GithubRedeliver,
    /// Reading the teams of GitHub.
    GithubTeams,
}

impl Job {
    /// Every job.
    pub const ALL: [Self; 10] = [
        Self::Ldap,
        Self::Catalog,
        Self::Housekeeping,
        Self::Pagerduty,
        Self::PagerdutyFeed,
        Self::Handover,
        Self::Github,
        Self::GithubMergeability,
        Self::GithubRedeliver,
        Self::GithubTeams,
    ];

    /// The word under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ldap => "ldap",
            Self::Catalog => "catalog",
            Self::Housekeeping => "housekeeping",
            Self::Pagerduty => "pagerduty",
            Self::PagerdutyFeed => "pagerduty_feed",
            Self::Handover => "handover",
            Self::Github => "github",
            Self::GithubMergeability => "github_mergeability",
            Self::GithubRedeliver => "github_redeliver",
            Self::GithubTeams => "github_teams",
        }
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All went well.
    Done,
    /// What could be done was done.
    Partial,
    /// It would have gone too far, so nothing was done.
    Refused,
    /// It failed.
    Failed,
    /// It was not begun.
    Skipped,
}

impl Outcome {
    const ALL: [Self; 5] = [Self::Done, Self::Partial, Self::Refused, Self::Failed, Self::Skipped];

    /// The word under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    /// What a stored word means; one that a newer replica wrote is taken for the worst, not for the best.
    pub(crate) fn told(word: &str) -> Self {
        Self::ALL.into_iter().find(|it| it.as_str() == word).unwrap_or(Self::Failed)
    }
}

/// A run that this process holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Its id.
    pub id: Uuid,
    /// Which job.
    pub job: Job,
    /// When it was due, or asked for.
    pub scheduled_for: DateTime<Utc>,
    /// Who asked for it, where somebody did.
    pub asked_by: Option<String>,
    /// What they asked for.
    pub argument: Option<Value>,
    /// The fencing token.
    pub token: i64,
    /// Which attempt this is, from one.
    pub attempt: i32,
    /// When this attempt began, by Postgres's clock.
    pub started_at: DateTime<Utc>,
}

/// Another process runs the job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Busy {
    /// Which process, as `host:pid`.
    pub holder: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Why a holder must not write.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// Another replica took the run over.
    #[error("another replica has taken over the run of {}, so nothing was written", .0.as_str())]
    Overtaken(Job),
    /// The database does not say.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Tick {
    /// Puts a run that a person asks for; whichever replica looks next runs it once, as soon as the job is free.
    pub async fn ask(db: &mut PgConnection, job: Job, argument: &Value, asked_by: &str) -> sqlx::Result<Uuid> {
        loop {
            let asked = sqlx::query_scalar!(
                "insert into schedule.tick (id, job, scheduled_for, asked_by, argument)
                 values ($1, $2, clock_timestamp(), $3, $4)
                 on conflict on constraint tick_job_key do nothing returning id",
                Uuid::now_v7(),
                job.as_str(),
                asked_by,
                argument
            );
            // Only another run of the very same microsecond stands in the way.
            if let Some(id) = asked.fetch_optional(&mut *db).await? {
                return Ok(id);
            }
        }
    }

    /// Takes the oldest run of the job that waits, unless another process is at the job.
    pub async fn claim(db: &PgPool, job: Job, holder: &str) -> sqlx::Result<Option<Self>> {
        let mut transaction = db.begin().await?;
        let db = &mut *transaction;
        sqlx::query!("insert into schedule.job (job) values ($1) on conflict do nothing", job.as_str())
            .execute(&mut *db)
            .await?;
        // Whoever writes for the job, or claims it, has this row; the next look is soon enough.
        let free =
            sqlx::query_scalar!("select token from schedule.job where job = $1 for update skip locked", job.as_str());
        if free.fetch_optional(&mut *db).await?.is_none() || busy(db, job).await?.is_some() {
            // Dropped, it would keep the row for a moment more.
            transaction.rollback().await?;
            return Ok(None);
        }
        give_up(db, job).await?;
        let next = sqlx::query_scalar!(
            "select id from schedule.tick where job = $1 and finished_at is null order by scheduled_for limit 1",
            job.as_str()
        );
        let Some(next) = next.fetch_optional(&mut *db).await? else {
            transaction.commit().await?;
            return Ok(None);
        };
        let tick = take(db, job, next, holder).await?;
        transaction.commit().await?;
        Ok(Some(tick))
    }

    /// Begins a run in this very process, which nobody takes over.
    ///
    /// Without somebody who asked it stands for the schedule's own run of this moment.
    pub async fn start(
        db: &PgPool,
        job: Job,
        asked_by: Option<&str>,
        holder: &str,
    ) -> sqlx::Result<Result<Self, Busy>> {
        let mut transaction = db.begin().await?;
        let db = &mut *transaction;
        sqlx::query!("insert into schedule.job (job) values ($1) on conflict do nothing", job.as_str())
            .execute(&mut *db)
            .await?;
        sqlx::query!("select token from schedule.job where job = $1 for update", job.as_str())
            .fetch_one(&mut *db)
            .await?;
        if let Some(busy) = busy(db, job).await? {
            transaction.rollback().await?;
            return Ok(Err(busy));
        }
        give_up(db, job).await?;
        let id = Uuid::now_v7();
        sqlx::query!(
            "insert into schedule.tick (id, job, scheduled_for, asked_by, max_attempts)
             values ($1, $2, clock_timestamp(), $3, 1)",
            id,
            job.as_str(),
            asked_by
        )
        .execute(&mut *db)
        .await?;
        let tick = take(db, job, id, holder).await?;
        transaction.commit().await?;
        Ok(Ok(tick))
    }

    /// Says that the holder lives; false when another one has taken over.
    pub async fn renew(&self, db: impl PgExecutor<'_>) -> sqlx::Result<bool> {
        let renewed = sqlx::query!(
            "update schedule.tick set leased_until = now() + $3
             where id = $1 and token = $2 and finished_at is null",
            self.id,
            self.token,
            lease()
        );
        Ok(renewed.execute(db).await?.rows_affected() == 1)
    }

    /// Holds the job until the caller's transaction ends, or fails because another replica has taken over.
    pub async fn hold(&self, db: &mut PgConnection) -> Result<(), HoldError> {
        let held = sqlx::query_scalar!(
            "select token from schedule.job where job = $1 and token = $2 for share",
            self.job.as_str(),
            self.token
        );
        held.fetch_optional(db).await?.map(|_| ()).ok_or(HoldError::Overtaken(self.job))
    }

    /// Says how the run ended; false when another replica has taken over and will say it. Said in the transaction of what
    /// the run wrote, both are true or neither; the same may be said again.
    pub async fn finish(&self, db: impl PgExecutor<'_>, outcome: Outcome, note: &str) -> sqlx::Result<bool> {
        let finished = sqlx::query!(
            "update schedule.tick set finished_at = coalesce(finished_at, clock_timestamp()), outcome = $3, note = $4,
                leased_until = null
             where id = $1 and token = $2 and (finished_at is null or (outcome, note) = ($3, $4))",
            self.id,
            self.token,
            outcome.as_str(),
            note
        );
        Ok(finished.execute(db).await?.rows_affected() == 1)
    }

    /// Gives the run back for another replica to begin anew; the attempt does not count.
    pub async fn release(&self, db: impl PgExecutor<'_>) -> sqlx::Result<()> {
        sqlx::query!(
            "update schedule.tick set leased_until = null, attempts = attempts - 1
             where id = $1 and token = $2 and finished_at is null",
            self.id,
            self.token
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Who is at the job, where somebody is.
async fn busy(db: &mut PgConnection, job: Job) -> sqlx::Result<Option<Busy>> {
    let busy = sqlx::query_as!(
        Busy,
        r#"select holder as "holder!", started_at as "since!" from schedule.tick
         where job = $1 and finished_at is null and leased_until > clock_timestamp()"#,
        job.as_str()
    );
    busy.fetch_optional(db).await
}

/// Ends runs that were begun as often as they may be, each time by a process that ended in the middle.
async fn give_up(db: &mut PgConnection, job: Job) -> sqlx::Result<()> {
    let given_up = sqlx::query!(
        "update schedule.tick set finished_at = clock_timestamp(), outcome = 'failed', leased_until = null,
            note = case attempts when 1 then 'its process ended before the run did'
                else 'begun ' || attempts || ' times, and each time its process ended before the run did' end
         where job = $1 and finished_at is null and attempts >= max_attempts",
        job.as_str()
    );
    if given_up.execute(&mut *db).await?.rows_affected() > 0 {
        // Its process may only hang, and must not write once this is said.
        sqlx::query!("update schedule.job set token = token + 1 where job = $1", job.as_str()).execute(db).await?;
    }
    Ok(())
}

/// Gives a run to a holder under the next token.
async fn take(db: &mut PgConnection, job: Job, id: Uuid, holder: &str) -> sqlx::Result<Tick> {
    sqlx::query!(
        r#"with next as (update schedule.job set token = token + 1 where job = $1 returning token)
         update schedule.tick set token = next.token, holder = $3, leased_until = clock_timestamp() + $4,
            attempts = attempts + 1, started_at = clock_timestamp()
         from next where id = $2
         returning scheduled_for, asked_by, argument, next.token as "token!", attempts, started_at as "started_at!""#,
        job.as_str(),
        id,
        holder,
        lease()
    )
    .map(|it| Tick {
        id,
        job,
        scheduled_for: it.scheduled_for,
        asked_by: it.asked_by,
        argument: it.argument,
        token: it.token,
        attempt: it.attempts,
        started_at: it.started_at,
    })
    .fetch_one(db)
    .await
}

fn lease() -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(LEASE.as_micros()).unwrap_or(i64::MAX) }
}
