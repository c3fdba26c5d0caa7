//! How much each of several people has to review.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// What somebody on GitHub has to review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// GitHub's id of them.
    pub actor_id: i64,
    /// Open pull requests that they are asked to review.
    pub asked: i64,
    /// Since when the first of these waits.
    pub since: Option<DateTime<Utc>>,
    /// Pull requests of others that they reviewed since a moment.
    pub reviewed: i64,
}

impl Load {
    /// What each of these has to review, and how much they reviewed since a moment.
    pub async fn of(db: impl PgExecutor<'_>, actors: &[i64], since: DateTime<Utc>) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select m.id as "actor_id!", coalesce(open.asked, 0) as "asked!", open.since as "since?",
                coalesce(done.reviewed, 0) as "reviewed!"
             from unnest($1::bigint[]) m (id)
             left join lateral (
                select count(*) as asked, min(q.requested_at) as since
                from github.review_request q join github.pull_request p on p.id = q.pull_request_id and p.state = 'open'
                where q.kind = 'actor' and q.target = m.id and q.gone_at is null and not p.draft
                    and not exists (select from github.repository r where r.id = p.repository_id and r.gone_at is not null)
             ) open on true
             left join lateral (
                select count(distinct r.pull_request_id) as reviewed
                from github.review r join github.pull_request p on p.id = r.pull_request_id
                where r.actor_id = m.id and r.submitted_at > $2 and p.author_id is distinct from r.actor_id
             ) done on true"#,
            actors,
            since
        )
        .fetch_all(db)
        .await
    }
}
