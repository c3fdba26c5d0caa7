//! Which teams there are, and who is in them.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// Marks a team as gone since that moment, and that nobody is in it.
pub async fn gone(db: impl PgExecutor<'_>, id: i64, at: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "with member as (
            update github.team_member set gone_at = $2, source_at = $2 where team_id = $1 and gone_at is null and source_at <= $2
         )
         update github.team set gone_at = $2, source_at = $2 where id = $1 and gone_at is null and source_at <= $2",
        id,
        at
    )
    .execute(db)
    .await
    .map(|_| ())
}
