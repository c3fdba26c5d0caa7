use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn arrived(external_id: &str, received_at: DateTime<Utc>) -> Arrived {
    let seconds = u64::try_from(received_at.timestamp()).expect("after 1970");
    Arrived {
        id: Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, received_at.timestamp_subsec_nanos())),
        source: Source::Github,
        external_id: external_id.into(),
        event: "push".into(),
        action: None,
        subject: Some("mosaic/payments".into()),
        received_at,
        source_at: None,
        state: State::Pending,
        content: Content::Json,
        headers: json!({"x-github-hook-id": "1"}),
        body: Bytes::from(format!("{{\"id\":\"{external_id}\",\"zero\":\"\\u0000\"}}")),
    }
}

async fn partitions(db: &PgPool) -> Vec<(String, i64)> {
    let names =
        "select relname::text from pg_class where relname ~ '^body_[2d][^_]*(_\\d+)?$' and relkind = 'r' order by 1";
    let names: Vec<String> = sqlx::query_scalar(names).fetch_all(db).await.expect("tables");
    let mut found = Vec::new();
    for name in names {
        let count = sqlx::AssertSqlSafe(format!("select count(*) from inbox.{name}"));
        found.push((name, sqlx::query_scalar(count).fetch_one(db).await.expect("a count")));
    }
    found
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_event_is_stored_once_with_the_bytes_that_were_signed(db: PgPool) {
    let now = at("2026-11-23T01:00:00.123456Z");
    let (one, same, other) = (arrived("a", now), arrived("a", now), arrived("b", now));
    assert_eq!(store(&db, &[&one, &same, &other]).await.expect("a commit"), 2, "the same twice in one statement");
    assert_eq!(store(&db, &[&same]).await.expect("a commit"), 0);
    let found = Delivery::with_id(&db, "a").await.expect("events");
    assert_eq!((found.len(), found[0].id, found[0].received_at), (1, one.id, now));
    assert_eq!(found[0].body(&db).await.expect("a body").as_deref(), Some(&one.body[..]));
    assert_eq!(Delivery::with_id(&db, &other.id.to_string()).await.expect("events")[0].external_id, "b");
    assert_eq!(last(&db, Source::Github).await.expect("a moment"), Some(now));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn lists_and_counts_tell_what_waits(db: PgPool) {
    let now = at("2026-11-23T01:00:00Z");
    let mut ping = arrived("ping", now);
    ping.state = State::Ignored;
    let old = arrived("old", now - TimeDelta::days(40));
    let mut done = arrived("done", now - TimeDelta::days(40));
    done.state = State::Applied;
    store(&db, &[&old, &done, &arrived("new", now), &ping]).await.expect("a commit");
    let counted = counts(&db, now - TimeDelta::days(1)).await.expect("counts");
    let seen: Vec<_> = counted.iter().map(|it| (it.state.as_str(), it.count, it.oldest)).collect();
    assert_eq!(seen, [("ignored", 1, now), ("pending", 2, old.received_at)], "what is done long since is not counted");
    let pending = Filter { state: Some(State::Pending), source: Some(Source::Github) };
    let listed = Delivery::list(&db, pending, 1).await.expect("events");
    assert_eq!(listed.iter().map(|it| it.external_id.as_str()).collect::<Vec<_>>(), ["new"]);
    assert_eq!(Delivery::list(&db, Filter::default(), 10).await.expect("events").len(), 4);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn room_is_made_ahead_and_takes_in_what_had_to_go_elsewhere(db: PgPool) {
    let now = at("2026-11-30T23:59:59Z");
    store(&db, &[&arrived("early", now)]).await.expect("a commit");
    assert_eq!(make_room(&db, now).await.expect("room"), 4);
    assert_eq!(make_room(&db, now).await.expect("room"), 0, "a second time changes nothing");
    store(&db, &[&arrived("next", now + TimeDelta::seconds(1))]).await.expect("a commit");
    store(&db, &[&arrived("far", now + TimeDelta::days(400))]).await.expect("a commit");
    let expected =
        [("body_2026_11", 1), ("body_2026_12", 1), ("body_2027_01", 0), ("body_2027_02", 0), ("body_default", 1)];
    assert_eq!(partitions(&db).await, expected.map(|(name, count)| (name.to_string(), count)));
    let lz4: Vec<bool> = sqlx::query_scalar(
        "select attcompression = 'l' from pg_attribute where attname = 'body' and attrelid::regclass::text like 'inbox.body%'",
    )
    .fetch_all(&db)
    .await
    .expect("columns");
    assert!(lz4.len() > 4 && lz4.iter().all(|it| *it == lz4[0]), "months are compressed like the rest: {lz4:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn two_replicas_make_room_at_once(db: PgPool) {
    let now = at("2026-02-01T00:00:00Z");
    let made = futures_of(&db, now).await;
    assert_eq!(made, 4, "each month once");
}

async fn futures_of(db: &PgPool, now: DateTime<Utc>) -> i64 {
    let (one, other) = tokio::join!(make_room(db, now), make_room(db, now));
    one.expect("room") + other.expect("room")
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_old_goes_and_what_nobody_applied_is_told(db: PgPool) {
    let (then, now) = (at("2026-08-15T00:00:00Z"), at("2026-11-23T00:00:00Z"));
    make_room(&db, then).await.expect("room");
    let mut done = arrived("done", then);
    done.state = State::Applied;
    let kept = arrived("kept", at("2026-09-01T00:00:00Z"));
    store(&db, &[&done, &arrived("waiting", then), &kept, &arrived("ancient", at("2020-01-01T00:00:00Z"))])
        .await
        .expect("a commit");
    let keep = Keep { months: 3, dead_months: 24 };
    let cleared = clear(&db, now, keep).await.expect("clear");
    assert_eq!(cleared, Cleared { months: 1, finished: 1, dead: 2, forgotten: 1 }, "what is ancient goes for good");
    assert_eq!(clear(&db, now, keep).await.expect("clear"), Cleared::default());
    let waiting = Delivery::with_id(&db, "waiting").await.expect("events").remove(0);
    assert_eq!((waiting.state.as_str(), waiting.body(&db).await.expect("a body")), ("dead", None));
    assert!(waiting.error.is_some_and(|it| it.contains("body was kept")));
    let kept = Delivery::with_id(&db, "kept").await.expect("events").remove(0);
    assert!(kept.state == "pending" && kept.body(&db).await.expect("a body").is_some());
}
