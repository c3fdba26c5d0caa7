use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgExecutor;
use uuid::Uuid;

use super::{Content, Source, State};

/// An event that just came in, verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrived {
    /// Our id of it, which begins with the time.
    pub id: Uuid,
    /// Who sent it.
    pub source: Source,
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
    /// When it happened, by its sender's clock, where that says so.
    pub source_at: Option<DateTime<Utc>>,
    /// Whether it waits to be applied.
    pub state: State,
    /// How the body is written.
    pub content: Content,
    /// The headers that matter.
    pub headers: Value,
    /// The bytes as they were signed.
    pub body: Bytes,
}

/// Stores events in one statement and one commit; how many of them were new. They must be in the order of their keys: two
/// writers that share keys would otherwise wait for each other.
pub async fn store(db: impl PgExecutor<'_>, arrived: &[&Arrived]) -> sqlx::Result<u64> {
    let ids: Vec<Uuid> = arrived.iter().map(|it| it.id).collect();
    let sources: Vec<&str> = arrived.iter().map(|it| it.source.as_str()).collect();
    let external_ids: Vec<&str> = arrived.iter().map(|it| it.external_id.as_str()).collect();
    let events: Vec<&str> = arrived.iter().map(|it| it.event.as_str()).collect();
    let actions: Vec<Option<&str>> = arrived.iter().map(|it| it.action.as_deref()).collect();
    let subjects: Vec<Option<&str>> = arrived.iter().map(|it| it.subject.as_deref()).collect();
    let received: Vec<DateTime<Utc>> = arrived.iter().map(|it| it.received_at).collect();
    let happened: Vec<Option<DateTime<Utc>>> = arrived.iter().map(|it| it.source_at).collect();
    let states: Vec<&str> = arrived.iter().map(|it| it.state.as_str()).collect();
    let contents: Vec<&str> = arrived.iter().map(|it| it.content.as_str()).collect();
    let headers: Vec<&Value> = arrived.iter().map(|it| &it.headers).collect();
    let sizes: Vec<i32> = arrived.iter().map(|it| i32::try_from(it.body.len()).unwrap_or(i32::MAX)).collect();
    let bodies: Vec<&[u8]> = arrived.iter().map(|it| &it.body[..]).collect();
    let stored = sqlx::query!(
        "with stored as (
            insert into inbox.delivery
                (id, source, external_id, event, action, subject, received_at, state, content_type, headers, size, source_at)
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                $8::text[], $9::text[], $10::jsonb[], $11::int[], $13::timestamptz[])
            on conflict on constraint delivery_external_key do nothing
            returning id
         )
         insert into inbox.body (delivery_id, received_at, body)
         select b.id, b.received_at, b.body from unnest($1::uuid[], $7::timestamptz[], $12::bytea[]) b (id, received_at, body)
         join stored on stored.id = b.id",
        &ids,
        &sources as &[&str],
        &external_ids as &[&str],
        &events as &[&str],
        &actions as &[Option<&str>],
        &subjects as &[Option<&str>],
        &received,
        &states as &[&str],
        &contents as &[&str],
        &headers as &[&Value],
        &sizes,
        &bodies as &[&[u8]],
        &happened as &[Option<DateTime<Utc>>]
    );
    Ok(stored.execute(db).await?.rows_affected())
}
