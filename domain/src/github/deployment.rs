use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// A deployment, as GitHub last told it.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// GitHub's id.
    pub id: i64,
    /// Where it is from.
    pub repository_id: i64,
    /// The commit.
    pub sha: String,
    /// The branch or tag that was named.
    pub name: Option<String>,
    /// Where it goes.
    pub environment: String,
    /// GitHub's word for how far it has come.
    pub state: String,
    /// GitHub's id of the status that said so, which grows; 0 before the first.
    pub status_id: i64,
    /// Where to see it.
    pub url: Option<String>,
    /// Who deployed.
    pub actor_id: Option<i64>,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// The moment that it is true for.
    pub source_at: DateTime<Utc>,
}

impl Deployment {
    /// Takes up what is told of the same one, unless a later status is known.
    pub(super) fn tell(&mut self, told: Self) {
        if self.status_id < told.status_id {
            (self.state, self.status_id) = (told.state, told.status_id);
            self.url = told.url.or(self.url.take());
            self.source_at = self.source_at.max(told.source_at);
        }
    }

    /// Stores it, unless a later status is known.
    pub(super) async fn write(&self, db: &mut PgConnection) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into github.deployment as d
                (id, repository_id, sha, ref, environment, state, status_id, url, actor_id, created_at, source_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (id) do update set state = excluded.state, status_id = excluded.status_id,
                url = coalesce(excluded.url, d.url), source_at = greatest(d.source_at, excluded.source_at)
             where d.status_id < excluded.status_id",
            self.id,
            self.repository_id,
            self.sha,
            self.name,
            self.environment,
            self.state,
            self.status_id,
            self.url,
            self.actor_id,
            self.created_at,
            self.source_at
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}
