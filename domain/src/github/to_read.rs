//! What is to be read of GitHub, and what was.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// A repository that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    /// GitHub's id.
    pub id: i64,
    /// GitHub's id in GraphQL.
    pub node_id: String,
    /// The installation through which it can be read.
    pub installation_id: i64,
}

/// A pull request that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToRead {
    /// GitHub's id.
    pub id: i64,
    /// GitHub's id in GraphQL.
    pub node_id: String,
    /// Where it is.
    pub repository_id: i64,
    /// The installation through which it can be read.
    pub installation_id: i64,
    /// Whether a check of its head failed.
    pub failed: bool,
    /// Whether a check of its head is awaited.
    pub pending: bool,
}

impl Readable {
    /// All repositories that can be read and in which something may change.
    pub async fn all(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select id, node_id as "node_id!", installation_id as "installation_id!" from github.repository
             where gone_at is null and not archived and node_id is not null and installation_id is not null order by id"#
        )
        .fetch_all(db)
        .await
    }

    /// Repositories that were read through this installation.
    pub async fn through(db: impl PgExecutor<'_>, installation: i64) -> sqlx::Result<Vec<i64>> {
        let ids = sqlx::query_scalar!(
            "select id from github.repository where gone_at is null and installation_id = $1 order by id",
            installation
        );
        ids.fetch_all(db).await
    }
}

impl ToRead {
    /// All open pull requests of repositories that can be read.
    pub async fn open(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select p.id as "id!", p.node_id as "node_id!", p.repository_id as "repository_id!",
                r.installation_id as "installation_id!", coalesce(c.failed, false) as "failed!", coalesce(c.pending, false) as "pending!"
             from github.pull_request p
             join github.repository r on r.id = p.repository_id
             left join lateral (select bool_or(state = 'failure') as failed, bool_or(state = 'pending') as pending
                from github.check_result where repository_id = p.repository_id and sha = p.head_sha) c on true
             where p.state = 'open' and p.node_id is not null and r.gone_at is null and r.installation_id is not null
             order by p.id"#
        )
        .fetch_all(db)
        .await
    }

    /// Open pull requests about which GitHub must be asked again, those that wait longest first. One about which it was asked
    /// lately, and did not know, waits, unless it moved since.
    pub async fn stale(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select p.id as "id!", p.node_id as "node_id!", p.repository_id as "repository_id!",
                r.installation_id as "installation_id!", false as "failed!", false as "pending!"
             from github.pull_request p
             join github.repository r on r.id = p.repository_id
             left join github.pull_request_read k on k.pull_request_id = p.id
             where p.state = 'open' and p.stale_at is not null and p.node_id is not null and r.gone_at is null
                and r.installation_id is not null
                and (k.asked_at is null or k.asked_at < p.stale_at or k.asked_at < now() - interval '10 minutes')
             order by p.stale_at, p.id limit $1"#,
            limit
        )
        .fetch_all(db)
        .await
    }
}

/// The states of these pull requests that were read last.
pub async fn read(db: impl PgExecutor<'_>, ids: &[i64]) -> sqlx::Result<HashMap<i64, DateTime<Utc>>> {
    let rows = sqlx::query!(
        "select pull_request_id, updated_at from github.pull_request_read where pull_request_id = any ($1)",
        ids
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|it| (it.pull_request_id, it.updated_at)).collect())
}

/// Notes which states were read, and that GitHub was asked about them at this moment of its clock.
pub async fn note(db: impl PgExecutor<'_>, read: &[(i64, DateTime<Utc>)], asked_at: DateTime<Utc>) -> sqlx::Result<()> {
    let (ids, updated): (Vec<i64>, Vec<DateTime<Utc>>) = read.iter().copied().unzip();
    sqlx::query!(
        "insert into github.pull_request_read as k (pull_request_id, updated_at, asked_at)
         select id, updated, $3 from unnest($1::bigint[], $2::timestamptz[]) it (id, updated) order by id
         on conflict (pull_request_id) do update set updated_at = excluded.updated_at, read_at = now(),
            asked_at = greatest(k.asked_at, excluded.asked_at)",
        &ids,
        &updated,
        asked_at
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Says that GitHub answered about these heads at this moment of its clock; what moved later stays to be asked about.
pub async fn settle(db: impl PgExecutor<'_>, heads: &[(i64, String)], asked_at: DateTime<Utc>) -> sqlx::Result<()> {
    let ids: Vec<i64> = heads.iter().map(|it| it.0).collect();
    let shas: Vec<&str> = heads.iter().map(|it| it.1.as_str()).collect();
    sqlx::query!(
        "update github.pull_request p set stale_at = null, asked_for = it.sha
         from (select p.id, it.sha from unnest($1::bigint[], $2::text[]) it (id, sha)
            join github.pull_request p on p.id = it.id where p.stale_at is not null order by p.id for update of p) it
         where p.id = it.id and p.head_sha = it.sha and p.stale_at <= $3",
        &ids,
        &shas as &[&str],
        asked_at
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Forgets what was read of pull requests that are long over.
pub async fn forget(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    let forgotten = sqlx::query!(
        "delete from github.pull_request_read k where k.read_at < now() - interval '30 days'
            and not exists (select from github.pull_request p where p.id = k.pull_request_id and p.state = 'open')"
    );
    Ok(forgotten.execute(db).await?.rows_affected())
}
