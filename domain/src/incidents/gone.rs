//! What PagerDuty no longer has: it stays, since incidents and past shifts still name it.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::{Member, Policy, Schedule, Service};

impl Service {
    /// Marks as gone whatever is none of these and was known before this moment; how many are gone now.
    pub async fn keep_only(db: impl PgExecutor<'_>, ids: &[String], at: DateTime<Utc>) -> sqlx::Result<u64> {
        let gone = sqlx::query!(
            "update incidents.service set gone_at = $2, source_at = $2
             where gone_at is null and source_at < $2 and not (id = any($1))",
            ids,
            at
        );
        Ok(gone.execute(db).await?.rows_affected())
    }

    /// Marks one as gone, unless something newer is known.
    pub async fn remove(db: impl PgExecutor<'_>, id: &str, at: DateTime<Utc>) -> sqlx::Result<bool> {
        let gone = sqlx::query!(
            "update incidents.service set gone_at = $2, source_at = $2
             where id = $1 and gone_at is null and source_at <= $2",
            id,
            at
        );
        Ok(gone.execute(db).await?.rows_affected() > 0)
    }
}

impl Policy {
    /// Marks as gone whatever is none of these; how many are gone now.
    pub async fn keep_only(db: impl PgExecutor<'_>, ids: &[String], at: DateTime<Utc>) -> sqlx::Result<u64> {
        let gone = sqlx::query!(
            "update incidents.policy set gone_at = $2 where gone_at is null and source_at < $2 and not (id = any($1))",
            ids,
            at
        );
        Ok(gone.execute(db).await?.rows_affected())
    }
}

impl Schedule {
    /// Marks as gone whatever is none of these; how many are gone now.
    pub async fn keep_only(db: impl PgExecutor<'_>, ids: &[String], at: DateTime<Utc>) -> sqlx::Result<u64> {
        let gone = sqlx::query!(
            "update incidents.schedule set gone_at = $2 where gone_at is null and source_at < $2 and not (id = any($1))",
            ids,
            at
        );
        Ok(gone.execute(db).await?.rows_affected())
    }

    /// Ids of those whose overrides were read longest ago.
    pub async fn longest_unread(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<String>> {
        sqlx::query_scalar!(
            "select id from incidents.schedule where gone_at is null order by overrides_read_at nulls first, id limit $1",
            limit
        )
        .fetch_all(db)
        .await
    }

    /// Notes that the overrides of these were read now.
    pub async fn overrides_read(db: impl PgExecutor<'_>, ids: &[String]) -> sqlx::Result<()> {
        sqlx::query!("update incidents.schedule set overrides_read_at = now() where id = any($1)", ids)
            .execute(db)
            .await?;
        Ok(())
    }
}

impl Member {
    /// Marks as gone whoever is none of these; how many are gone now.
    pub async fn keep_only(db: impl PgExecutor<'_>, ids: &[String], at: DateTime<Utc>) -> sqlx::Result<u64> {
        let gone = sqlx::query!(
            "update incidents.member set gone_at = $2 where gone_at is null and source_at < $2 and not (id = any($1))",
            ids,
            at
        );
        Ok(gone.execute(db).await?.rows_affected())
    }
}
