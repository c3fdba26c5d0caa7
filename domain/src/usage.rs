//! Every command's use, for later figures.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

/// One use of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// When it was asked.
    pub at: DateTime<Utc>,
    /// Who asked, where they are known.
    pub person: Option<Uuid>,
    /// Where they asked.
    pub platform: &'static str,
    /// Name of the command, without its arguments.
    pub command: &'static str,
    /// How long the answer took, in milliseconds.
    pub duration_ms: i32,
    /// How many things were found, where the command looks for things.
    pub results: Option<i32>,
    /// `ok`, `refused` or `failed`.
    pub outcome: &'static str,
}

/// Records uses, in one statement.
pub async fn record(db: impl PgExecutor<'_>, uses: &[Usage]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = uses.iter().map(|_| Uuid::now_v7()).collect();
    let at: Vec<DateTime<Utc>> = uses.iter().map(|it| it.at).collect();
    let people: Vec<Option<Uuid>> = uses.iter().map(|it| it.person).collect();
    let platforms: Vec<String> = uses.iter().map(|it| it.platform.into()).collect();
    let commands: Vec<String> = uses.iter().map(|it| it.command.into()).collect();
    let durations: Vec<i32> = uses.iter().map(|it| it.duration_ms).collect();
    let results: Vec<Option<i32>> = uses.iter().map(|it| it.results).collect();
    let outcomes: Vec<String> = uses.iter().map(|it| it.outcome.into()).collect();
    sqlx::query!(
        "insert into usage.command (id, at, person_id, platform, command, duration_ms, results, outcome)
         select * from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::int[], $8::text[])",
        &ids,
        &at,
        &people as &[Option<Uuid>],
        &platforms,
        &commands,
        &durations,
        &results as &[Option<i32>],
        &outcomes
    )
    .execute(db)
    .await?;
    Ok(())
}
