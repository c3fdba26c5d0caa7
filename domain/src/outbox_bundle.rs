//! One message in the place of many that wait for the same destination.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::outbox_claim::Claim;

/// Where more than so many of one lane wait for a destination, they go together: one a second is all that a channel takes.
pub const MANY: usize = 20;

/// So many go together at the most, so that the message has room for each.
pub const MOST: usize = 30;

/// How many are looked at; not each can go with others.
const LOOKED_AT: i64 = 200;

/// A message that could go together with others.
#[derive(Clone, Debug)]
pub struct Companion {
    /// The message.
    pub id: Uuid,
    /// What it says.
    pub card: Value,
    /// Since when it waits.
    pub created_at: DateTime<Utc>,
}

impl Claim {
    /// What waits for the same destination in the same lane and was surely not posted, this one included, the oldest first;
    /// held until the transaction ends, and nothing when another replica holds the lease by now.
    pub async fn companions(&self, db: &mut PgConnection, format: i32) -> sqlx::Result<Vec<Companion>> {
        sqlx::query_as!(
            Companion,
            "select m.id, m.card, m.created_at from notify.message m
                join notify.message own on own.id = $1
                join notify.pace p on p.name = $2 and p.token = $3 and p.leased_until > now()
             where m.state = 'waiting' and m.destination = $2 and m.lane = own.lane and m.format <= $4
                and m.ts is null and m.thread_of is null and not m.about_delivery
                and not exists (select from notify.message part where part.bundle = m.id)
                and (m.unsure_since is null or m.id = own.id)
                and m.ways[m.way:] = own.ways[own.way:] and m.detour is not distinct from own.detour
                -- What somebody may go without does not come along with what they want.
                and (m.destination not like 'person:%' or m.kind is not distinct from own.kind)
             order by m.created_at, m.id limit $5 for update of m",
            self.id,
            self.destination,
            self.token,
            format,
            LOOKED_AT
        )
        .fetch_all(db)
        .await
    }

    /// Puts one message, which says this, in the place of these; it goes where and when the oldest of them would.
    pub async fn bundle(&self, db: &mut PgConnection, ids: &[Uuid], card: &Value, format: i32) -> sqlx::Result<()> {
        let id = Uuid::now_v7();
        sqlx::query!(
            "insert into notify.message (id, key, lane, destination, ways, card, format, detour, kind, created_at)
             select $1::uuid, 'bundle/' || ($1::uuid)::text, own.lane, own.destination, own.ways[own.way:], $3, $4, own.detour,
                case when own.destination like 'person:%' then own.kind end,
                (select min(created_at) from notify.message where id = any($5))
             from notify.message own where own.id = $2",
            id,
            self.id,
            card,
            format,
            ids
        )
        .execute(&mut *db)
        .await?;
        sqlx::query!(
            "update notify.message set state = 'bundled', bundle = $1, sent_revision = revision, sent_at = now(),
                unsure_since = null, error = null
             where id = any($2)",
            id,
            ids
        )
        .execute(&mut *db)
        .await?;
        // Whoever looks next takes it.
        sqlx::query!(
            "update notify.pace set leased_until = 'epoch' where name = $1 and token = $2",
            self.destination,
            self.token
        )
        .execute(&mut *db)
        .await?;
        Ok(())
    }
}
