//! Messages that wait for the end of somebody's quiet hours.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::outbox_claim::Claim;

impl Claim {
    /// It waits until then, and goes as it is by then. One that changed meanwhile is looked at anew. False when somebody else holds the
    /// lease by now.
    pub async fn held(&self, db: impl PgExecutor<'_>, until: DateTime<Utc>) -> sqlx::Result<bool> {
        let held = sqlx::query!(
            "with mine as (
                update notify.pace set leased_until = 'epoch' where name = $1 and token = $2 returning name
             )
             update notify.message set held_until = $4, unsure_since = null, attempts = 0, error = null,
                state = case when revision = $5 then 'held' else 'waiting' end
             where id = $3 and exists (select from mine)",
            self.destination,
            self.token,
            self.id,
            until,
            self.revision
        );
        Ok(held.execute(db).await?.rows_affected() == 1)
    }
}

/// Lets go what was held until now, and says how many messages that are. What one person is owed is let go together.
pub async fn release(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    let released = sqlx::query!(
        "update notify.message set state = 'waiting', next_at = now(), expires_at = now() + interval '24 hours'
         where state = 'held' and held_until <= now()"
    );
    Ok(released.execute(db).await?.rows_affected())
}

/// Lets what is held for somebody be looked at anew, since they rest at other times now.
pub async fn again(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<u64> {
    let again = sqlx::query!(
        "update notify.message set state = 'waiting', next_at = now(), expires_at = now() + interval '24 hours'
         where state = 'held' and destination = 'person:' || ($1::uuid)::text",
        person
    );
    Ok(again.execute(db).await?.rows_affected())
}
