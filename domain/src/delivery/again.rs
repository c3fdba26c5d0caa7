//! Events that are applied once more because somebody said so.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

use super::Source;

/// Which events are applied once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// This one, by our id.
    One(Uuid),
    /// Those that came from the one moment until before the other, of this sender or of all.
    Between(DateTime<Utc>, DateTime<Utc>, Option<Source>),
}

/// Tries events again that were set aside or not understood: one, or all of them. Gives how many.
pub async fn retry(db: impl PgExecutor<'_>, id: Option<Uuid>) -> sqlx::Result<u64> {
    let retried = sqlx::query!(
        "update inbox.delivery d set state = 'pending', attempts = 0, token = token + 1, due_at = 'epoch', leased_until = null
         where state in ('dead', 'unparsed') and ($1::uuid is null or id = $1)
            and exists (select from inbox.body b where b.delivery_id = d.id and b.received_at = d.received_at)",
        id
    );
    Ok(retried.execute(db).await?.rows_affected())
}

/// Lets events be applied once more that were finished, however they ended; only those whose bytes are still kept. Gives how
/// many.
pub async fn replay(db: impl PgExecutor<'_>, again: Again) -> sqlx::Result<u64> {
    let (id, since, until, source) = match again {
        Again::One(id) => (Some(id), None, None, None),
        Again::Between(since, until, source) => (None, Some(since), Some(until), source),
    };
    let replayed = sqlx::query!(
        "update inbox.delivery d
         set state = 'pending', attempts = 0, token = token + 1, due_at = 'epoch', leased_until = null, error = null
         where state <> 'pending' and ($1::uuid is null or id = $1)
            and ($2::timestamptz is null or received_at >= $2) and ($3::timestamptz is null or received_at < $3)
            and ($4::text is null or source = $4)
            and exists (select from inbox.body b where b.delivery_id = d.id and b.received_at = d.received_at)",
        id,
        since,
        until,
        source.map(Source::as_str)
    );
    Ok(replayed.execute(db).await?.rows_affected())
}
