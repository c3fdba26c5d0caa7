//! Events that did not reach us, which GitHub is asked to send again.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgExecutor;
use sqlx::postgres::types::PgInterval;

/// An event that GitHub says it could not deliver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// GitHub's id of it.
    pub guid: String,
    /// Such as `pull_request`.
    pub event: String,
    /// When it was sent first, as far as GitHub tells.
    pub failed_at: DateTime<Utc>,
}

/// How often GitHub is asked for an event at the most: one that we cannot take, however often it is sent, is left alone then.
pub const TIMES: i32 = 5;

/// How often, and how far apart, GitHub is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// So often at the most.
    pub times: i32,
    /// So long after the first time; twice that after the second, and so on.
    pub first: TimeDelta,
}

/// Of these events those that are to be asked for now: that are not in the inbox, were not asked for too often, and not just
/// before. They are counted as asked for.
pub async fn due(db: impl PgExecutor<'_>, missed: &[Missed], patience: Patience) -> sqlx::Result<Vec<String>> {
    let guids: Vec<&str> = missed.iter().map(|it| it.guid.as_str()).collect();
    let events: Vec<&str> = missed.iter().map(|it| it.event.as_str()).collect();
    let failed: Vec<DateTime<Utc>> = missed.iter().map(|it| it.failed_at).collect();
    let due = sqlx::query_scalar!(
        "insert into github.redelivery as r (guid, event, failed_at, times, next_at)
         select guid, event, failed, 1, now() + $5 from unnest($1::text[], $2::text[], $3::timestamptz[]) it (guid, event, failed)
         where not exists (select from inbox.delivery where source = 'github' and external_id = lower(it.guid))
         order by guid
         on conflict (guid) do update set times = r.times + 1, next_at = now() + $5 * (2 ^ r.times)
         where r.times < $4 and r.next_at <= now()
         returning guid",
        &guids as &[&str],
        &events as &[&str],
        &failed,
        patience.times,
        PgInterval { months: 0, days: 0, microseconds: patience.first.num_microseconds().unwrap_or(i64::MAX) }
    );
    due.fetch_all(db).await
}

/// How many events were asked for as often as they may be, and never came.
pub async fn given_up(db: impl PgExecutor<'_>, times: i32) -> sqlx::Result<i64> {
    let given_up = sqlx::query_scalar!(
        r#"select count(*) as "count!" from github.redelivery r where times >= $1 and next_at <= now()
            and not exists (select from inbox.delivery where source = 'github' and external_id = lower(r.guid))"#,
        times
    );
    given_up.fetch_one(db).await
}

/// Forgets what GitHub has forgotten.
pub async fn forget(db: impl PgExecutor<'_>, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let forgotten = sqlx::query!("delete from github.redelivery where failed_at < $1", before);
    Ok(forgotten.execute(db).await?.rows_affected())
}
