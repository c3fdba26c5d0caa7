use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

/// That the reviewers of a pull request were reminded of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nudge {
    /// Who did it last.
    pub person_id: Uuid,
    /// When.
    pub nudged_at: DateTime<Utc>,
}

impl Nudge {
    /// The last one.
    pub async fn last(db: impl PgExecutor<'_>, pull_request: i64) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(Self, "select person_id, nudged_at from github.nudge where pull_request_id = $1", pull_request)
            .fetch_optional(db)
            .await
    }

    /// Notes one.
    pub async fn write(self, db: impl PgExecutor<'_>, pull_request: i64) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into github.nudge (pull_request_id, person_id, nudged_at) values ($1, $2, $3)
             on conflict (pull_request_id) do update set person_id = excluded.person_id, nudged_at = excluded.nudged_at",
            pull_request,
            self.person_id,
            self.nudged_at
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
