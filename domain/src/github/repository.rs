//! What becomes of repositories, beside their names.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// Marks a repository as gone since that moment, unless it was seen later.
pub async fn gone(db: impl PgExecutor<'_>, id: i64, at: DateTime<Utc>) -> sqlx::Result<bool> {
    let gone = sqlx::query!(
        "update github.repository set gone_at = $2, source_at = $2 where id = $1 and source_at <= $2 and gone_at is null",
        id,
        at
    );
    Ok(gone.execute(db).await?.rows_affected() > 0)
}

/// Says that repositories can be read through this installation no longer: these, or all of its.
pub async fn unreadable(db: impl PgExecutor<'_>, installation: i64, ids: Option<&[i64]>) -> sqlx::Result<u64> {
    let unreadable = sqlx::query!(
        "update github.repository set installation_id = null
         where installation_id = $1 and ($2::bigint[] is null or id = any($2))",
        installation,
        ids
    );
    Ok(unreadable.execute(db).await?.rows_affected())
}

/// An organisation has another name: its repositories and teams are called so.
pub async fn renamed(db: impl PgExecutor<'_>, (before, after): (&str, &str), at: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "with team as (
            update github.team set organization = $2, source_at = $3 where lower(organization) = lower($1) and source_at <= $3
         )
         update github.repository set name = $2 || substr(name, length($1) + 1), source_at = $3
         where lower(left(name, length($1) + 1)) = lower($1 || '/') and source_at <= $3",
        before,
        after,
        at
    )
    .execute(db)
    .await
    .map(|_| ())
}
