use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::Verdict;

/// A review as GitHub tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reviewed {
    /// GitHub's id.
    pub id: i64,
    /// Who; nobody where the account was deleted.
    pub actor_id: Option<i64>,
    /// What they say.
    pub verdict: Verdict,
    /// The commit that they looked at.
    pub sha: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// Since when.
    pub submitted_at: DateTime<Utc>,
    /// The moment that it is true for.
    pub source_at: DateTime<Utc>,
}

impl Reviewed {
    /// All reviews of a pull request, the oldest first.
    pub async fn of(db: impl PgExecutor<'_>, pull_request: i64) -> sqlx::Result<Vec<Self>> {
        let rows = sqlx::query!(
            "select id, actor_id, state, sha, url, submitted_at, source_at from github.review
             where pull_request_id = $1 order by submitted_at, id",
            pull_request
        );
        Ok(rows
            .fetch_all(db)
            .await?
            .into_iter()
            .map(|it| Self {
                id: it.id,
                actor_id: it.actor_id,
                // A constraint keeps it to the words that we know.
                verdict: Verdict::from_word(&it.state).unwrap_or(Verdict::Commented),
                sha: it.sha,
                url: it.url,
                submitted_at: it.submitted_at,
                source_at: it.source_at,
            })
            .collect())
    }

    /// Stores reviews. What was dismissed stays so, in whichever order it is told.
    pub async fn write(db: &mut PgConnection, pull_request: i64, reviews: &[Self]) -> sqlx::Result<()> {
        let ids: Vec<i64> = reviews.iter().map(|it| it.id).collect();
        let actors: Vec<Option<i64>> = reviews.iter().map(|it| it.actor_id).collect();
        let states: Vec<&str> = reviews.iter().map(|it| it.verdict.as_str()).collect();
        let shas: Vec<Option<&str>> = reviews.iter().map(|it| it.sha.as_deref()).collect();
        let urls: Vec<Option<&str>> = reviews.iter().map(|it| it.url.as_deref()).collect();
        let submitted: Vec<DateTime<Utc>> = reviews.iter().map(|it| it.submitted_at).collect();
        let source: Vec<DateTime<Utc>> = reviews.iter().map(|it| it.source_at).collect();
        sqlx::query!(
            "insert into github.review as r (id, pull_request_id, actor_id, state, sha, url, submitted_at, source_at)
             select id, $1, actor, state, sha, url, submitted, source
             from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
                it (id, actor, state, sha, url, submitted, source)
             on conflict (id) do update set actor_id = coalesce(excluded.actor_id, r.actor_id),
                state = case when r.state = 'dismissed' then r.state else excluded.state end,
                sha = coalesce(excluded.sha, r.sha), url = coalesce(excluded.url, r.url),
                source_at = greatest(r.source_at, excluded.source_at)",
            pull_request,
            &ids,
            &actors as &[Option<i64>],
            &states as &[&str],
            &shas as &[Option<&str>],
            &urls as &[Option<&str>],
            &submitted,
            &source
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}
