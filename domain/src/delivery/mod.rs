//! Events that others sent us: stored before they are acknowledged, once each, with the bytes that were signed.

mod again;
mod arrived;
mod claim;
#[cfg(test)]
mod claim_tests;
mod count;
mod feed;
mod finish;
mod room;
#[cfg(test)]
mod tests;
mod word;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::PgExecutor;
use uuid::Uuid;

pub use again::{Again, replay, retry};
pub use arrived::{Arrived, store};
pub use claim::{Claim, Claimed, Taken, Waiting, claim, due, hold, take};
pub use count::{Count, MAX_COUNT, counts};
pub use feed::{last, last_ping};
pub use finish::{Outcome, fail, finish, release};
pub use room::{Cleared, Keep, clear, make_room};
pub use word::{Content, Source, State};

/// An event that was received, without its body.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Delivery {
    /// Our id of it.
    pub id: Uuid,
    /// Who sent it.
    pub source: String,
    /// The sender's id of it.
    pub external_id: String,
    /// What happened, in the sender's word.
    pub event: String,
    /// What was done, where the sender says so.
    pub action: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// When it happened, by its sender's clock.
    pub source_at: Option<DateTime<Utc>>,
    /// How far it has come.
    pub state: String,
    /// How the body is written.
    pub content_type: String,
    /// The headers that matter.
    pub headers: Value,
    /// Bytes of the body.
    pub size: i32,
    /// How often it was tried to apply it.
    pub attempts: i32,
    /// Why it could not be applied.
    pub error: Option<String>,
    /// Another one whenever it was tried, or is to be tried again.
    pub token: i64,
}

/// Which events are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those of this sender.
    pub source: Option<Source>,
}

impl Delivery {
    /// The newest events.
    pub async fn list(db: impl PgExecutor<'_>, filter: Filter, limit: i64) -> sqlx::Result<Vec<Self>> {
        // Our ids begin with the time, so that their index is in the order of arrival.
        sqlx::query_as!(
            Self,
            "select id, source, external_id, event, action, subject, received_at, source_at, state, content_type, headers, size,
                attempts, error, token
             from inbox.delivery
             where ($1::text is null or state = $1) and ($2::text is null or source = $2)
             order by id desc limit $3",
            filter.state.map(State::as_str),
            filter.source.map(Source::as_str),
            limit
        )
        .fetch_all(db)
        .await
    }

    /// The newest of each kind among these events.
    pub async fn newest_of_each_kind(db: impl PgExecutor<'_>, ids: &[Uuid]) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select distinct on (source, event, state) id, source, external_id, event, action, subject, received_at, source_at, state,
                content_type, headers, size, attempts, error, token
             from inbox.delivery where id = any($1) order by source, event, state, id desc",
            ids
        )
        .fetch_all(db)
        .await
    }

    /// The events with this id, which is ours or their sender's.
    pub async fn with_id(db: impl PgExecutor<'_>, id: &str) -> sqlx::Result<Vec<Self>> {
        let sources: Vec<String> = Source::ALL.iter().map(|it| it.as_str().into()).collect();
        sqlx::query_as!(
            Self,
            "select id, source, external_id, event, action, subject, received_at, source_at, state, content_type, headers, size,
                attempts, error, token
             from inbox.delivery where id = $1 or (source = any($2) and external_id in ($3, lower($3))) order by id",
            Uuid::parse_str(id).ok(),
            &sources,
            id
        )
        .fetch_all(db)
        .await
    }

    /// The bytes as they were signed; nothing where they are no longer kept.
    pub async fn body(&self, db: impl PgExecutor<'_>) -> sqlx::Result<Option<Vec<u8>>> {
        sqlx::query_scalar!(
            "select body from inbox.body where delivery_id = $1 and received_at = $2",
            self.id,
            self.received_at
        )
        .fetch_optional(db)
        .await
    }
}
