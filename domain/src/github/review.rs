use chrono::{DateTime, Utc};
use sqlx::PgConnection;

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
    /// All reviews of these pull requests, each with the pull request, the oldest first.
    pub(super) async fn of(db: &mut PgConnection, pulls: &[i64]) -> sqlx::Result<Vec<(i64, Self)>> {
        let rows = sqlx::query!(
            "select pull_request_id, id, actor_id, state, sha, url, submitted_at, source_at from github.review
             where pull_request_id = any($1) order by submitted_at, id",
            pulls
        );
        let reviewed = rows.fetch_all(db).await?.into_iter().map(|it| {
            // A constraint keeps it to the words that we know.
            let verdict = Verdict::from_word(&it.state).unwrap_or(Verdict::Commented);
            let (id, actor_id, sha, url) = (it.id, it.actor_id, it.sha, it.url);
            let (submitted_at, source_at) = (it.submitted_at, it.source_at);
            (it.pull_request_id, Self { id, actor_id, verdict, sha, url, submitted_at, source_at })
        });
        Ok(reviewed.collect())
    }

    /// Takes up what is told of the same review. What was dismissed stays so, in whichever order it is told.
    pub(super) fn tell(&mut self, told: Self) {
        self.actor_id = told.actor_id.or(self.actor_id);
        self.verdict = if self.verdict == Verdict::Dismissed { self.verdict } else { told.verdict };
        self.sha = told.sha.or(self.sha.take());
        self.url = told.url.or(self.url.take());
        self.source_at = self.source_at.max(told.source_at);
    }

    /// Stores reviews, each with its pull request, and sorted by id.
    pub(super) async fn write(db: &mut PgConnection, all: &[(i64, &Self)]) -> sqlx::Result<()> {
        let ids: Vec<i64> = all.iter().map(|it| it.1.id).collect();
        let pulls: Vec<i64> = all.iter().map(|it| it.0).collect();
        let actors: Vec<Option<i64>> = all.iter().map(|it| it.1.actor_id).collect();
        let states: Vec<&str> = all.iter().map(|it| it.1.verdict.as_str()).collect();
        let shas: Vec<Option<&str>> = all.iter().map(|it| it.1.sha.as_deref()).collect();
        let urls: Vec<Option<&str>> = all.iter().map(|it| it.1.url.as_deref()).collect();
        let submitted: Vec<DateTime<Utc>> = all.iter().map(|it| it.1.submitted_at).collect();
        let source: Vec<DateTime<Utc>> = all.iter().map(|it| it.1.source_at).collect();
        sqlx::query!(
            "insert into github.review as r (id, pull_request_id, actor_id, state, sha, url, submitted_at, source_at)
             select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                $8::timestamptz[])
             on conflict (id) do update set actor_id = coalesce(excluded.actor_id, r.actor_id),
                state = case when r.state = 'dismissed' then r.state else excluded.state end,
                sha = coalesce(excluded.sha, r.sha), url = coalesce(excluded.url, r.url),
                source_at = greatest(r.source_at, excluded.source_at)",
            &ids,
            &pulls,
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
