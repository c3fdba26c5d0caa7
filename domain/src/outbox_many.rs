//! Several messages at once, for what tells of one event in several places.

use serde_json::{Value, json};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::outbox::Wished;
use crate::preference::Kind;

/// Puts messages; one whose key is there already stays as it is. Where whoever they are for wants none of them, for this reason, they are
/// kept as declined and never sent.
pub async fn add(db: impl PgExecutor<'_>, messages: &[Wished<'_>], unwanted: Option<&str>) -> sqlx::Result<()> {
    let row = |it: &Wished<'_>| {
        json!({ "id": Uuid::now_v7(), "key": it.key, "lane": it.lane.stored(), "ways": it.ways, "thread_of": it.thread_of,
            "card": it.card, "format": it.format, "about_delivery": it.about_delivery, "why": it.why,
            "kind": it.kind.map(Kind::as_str) })
    };
    let rows = Value::Array(messages.iter().map(row).collect());
    sqlx::query!(
        "insert into notify.message (id, key, lane, destination, ways, thread_of, card, format, about_delivery, why, kind,
            state, error, sent_at)
         select id, key, lane, ways[1], ways, thread_of, card, format, about_delivery, why, kind,
            case when $2::text is null then 'waiting' else 'declined' end, $2, case when $2 is not null then now() end
         from jsonb_to_recordset($1) as t (id uuid, key text, lane int2, ways text[], thread_of text, card jsonb, format int4,
            about_delivery bool, why jsonb, kind text)
         on conflict on constraint message_key do nothing",
        rows,
        unwanted
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Changes what messages (key, card) say, of those that somebody got or still will.
pub async fn edit(db: impl PgExecutor<'_>, messages: &[(String, Value)], format: i32) -> sqlx::Result<()> {
    let (keys, cards): (Vec<String>, Vec<Value>) = messages.iter().cloned().unzip();
    sqlx::query!(
        "update notify.message m set card = t.card, format = $3, revision = m.revision + 1, state = 'waiting', attempts = 0,
            error = null, next_at = now(), expires_at = now() + interval '24 hours'
         from unnest($1::text[], $2::jsonb[]) as t (key, card)
         where m.key = t.key and m.state <> 'dead' and m.card is distinct from t.card",
        &keys,
        &cards,
        format
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Changes what a message says that nobody took to send yet; false where somebody did.
pub async fn edit_unsent(db: impl PgExecutor<'_>, key: &str, card: &Value, format: i32) -> sqlx::Result<bool> {
    let edited = sqlx::query!(
        "update notify.message set card = $2, format = $3, revision = revision + 1
         where key = $1 and state in ('waiting', 'held') and ts is null and unsure_since is null",
        key,
        card,
        format
    );
    Ok(edited.execute(db).await?.rows_affected() == 1)
}

/// Changes what messages (key, card) say, of those that somebody got by themselves or still will: what is only listed in another
/// one stays there, since changing it notifies nobody.
pub async fn edit_there(db: impl PgExecutor<'_>, messages: &[(String, Value)], format: i32) -> sqlx::Result<()> {
    let (keys, cards): (Vec<String>, Vec<Value>) = messages.iter().cloned().unzip();
    sqlx::query!(
        "update notify.message m set card = t.card, format = $3, revision = m.revision + 1, state = 'waiting', attempts = 0,
            error = null, next_at = now(), expires_at = now() + interval '24 hours'
         from unnest($1::text[], $2::jsonb[]) as t (key, card)
         where m.key = t.key and (m.state in ('waiting', 'held') or m.state <> 'dead' and m.ts is not null) and m.card is distinct from t.card",
        &keys,
        &cards,
        format
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes messages back that nobody took to send yet, since what they tell is over; gives the keys of those. Nothing may answer them.
pub async fn retract(db: impl PgExecutor<'_>, keys: &[String]) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "delete from notify.message m
         where m.key = any($1) and m.state in ('waiting', 'held') and m.ts is null and m.unsure_since is null returning m.key",
        keys
    )
    .fetch_all(db)
    .await
}
