use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

/// What went into a branch.
#[derive(Clone, Debug, PartialEq)]
pub struct Push {
    /// Our id of the event that told it.
    pub id: Uuid,
    /// Where.
    pub repository_id: i64,
    /// Such as refs/heads/main.
    pub name: String,
    /// The commit that the branch was at.
    pub before: String,
    /// The commit that it is at.
    pub after: String,
    /// Whether commits were taken from it.
    pub forced: bool,
    /// Who pushed.
    pub actor_id: Option<i64>,
    /// When, by GitHub's clock.
    pub at: DateTime<Utc>,
}

impl Push {
    /// Stores it; false where it was.
    pub async fn write(&self, db: impl PgExecutor<'_>) -> sqlx::Result<bool> {
        let stored = sqlx::query!(
            "insert into github.push (id, repository_id, ref, before, after, forced, actor_id, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing",
            self.id,
            self.repository_id,
            self.name,
            self.before,
            self.after,
            self.forced,
            self.actor_id,
            self.at
        );
        Ok(stored.execute(db).await?.rows_affected() > 0)
    }
}
