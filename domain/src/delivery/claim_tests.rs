use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::*;

fn now() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().expect("a moment")
}

/// Stores events of PagerDuty, each an id and what it is about, in this order.
async fn arrive(db: &PgPool, events: &[(&str, Option<&str>)]) {
    let arrived = |(external_id, subject): &(&str, Option<&str>)| Arrived {
        id: Uuid::now_v7(),
        source: Source::Pagerduty,
        external_id: (*external_id).into(),
        event: "incident.triggered".into(),
        action: None,
        subject: subject.map(String::from),
        received_at: now(),
        source_at: Some(now() - TimeDelta::seconds(1)),
        state: State::Pending,
        content: Content::Json,
        headers: json!({}),
        body: Bytes::from_static(b"{}"),
    };
    let arrived: Vec<Arrived> = events.iter().map(arrived).collect();
    store(db, &arrived.iter().collect::<Vec<_>>()).await.expect("a commit");
}

async fn claims(db: &PgPool) -> Vec<Claim> {
    claim(db, Source::Pagerduty, Waiting::Any, 10).await.expect("claims")
}

async fn names(db: &PgPool, claims: &[Claim]) -> Vec<String> {
    let mut transaction = db.begin().await.expect("a transaction");
    let taken = take(&mut transaction, claims).await.expect("events");
    taken.events.into_iter().map(|it| it.external_id).collect()
}

async fn end(db: &PgPool, claims: &[Claim], state: State) {
    let outcomes: Vec<_> = claims.iter().map(|it| Outcome { id: it.id, state, error: None }).collect();
    finish(db, &outcomes).await.expect("a commit");
}

/// The leases of everybody run out.
async fn lapse(db: &PgPool) {
    let lapsed = sqlx::query("update inbox.delivery set leased_until = now() where leased_until is not null");
    lapsed.execute(db).await.expect("a commit");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn events_of_a_subject_go_together_in_their_order(db: PgPool) {
    arrive(&db, &[("a1", Some("a")), ("a2", Some("a")), ("none", None), ("b1", Some("b")), ("a3", Some("a"))]).await;
    let all = claims(&db).await;
    assert_eq!(names(&db, &all).await, ["a1", "a2", "none", "b1", "a3"]);
    assert_eq!(claims(&db).await, [], "what is under way is nobody else's");
    end(&db, &all, State::Applied).await;
    assert_eq!(claims(&db).await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_event_waits_for_the_earlier_ones_of_its_subject(db: PgPool) {
    arrive(&db, &[("a1", Some("a")), ("b1", Some("b"))]).await;
    let first = claims(&db).await;
    arrive(&db, &[("a2", Some("a")), ("a3", Some("a")), ("b2", Some("b"))]).await;
    assert_eq!(claims(&db).await, [], "what is before them is under way");
    end(&db, &first[1..], State::Unparsed).await;
    let second = claims(&db).await;
    assert_eq!(names(&db, &second).await, ["b2"], "what was not understood holds up nothing");
    assert!(fail(&db, &first[0], "a fault", Some(Duration::from_secs(60))).await.expect("a commit"));
    assert_eq!(claims(&db).await, [], "a1 is tried again first");
    let again = sqlx::query("update inbox.delivery set due_at = now() where external_id = 'a1'");
    again.execute(&db).await.expect("a commit");
    let third = claims(&db).await;
    assert_eq!(names(&db, &third).await, ["a1"], "and alone");
    assert!(fail(&db, &third[0], "a fault", None).await.expect("a commit"));
    assert_eq!(names(&db, &claims(&db).await).await, ["a2", "a3"], "what is set aside holds up nothing");
    let a1 = Delivery::with_id(&db, "a1").await.expect("events").remove(0);
    assert_eq!((a1.state.as_str(), a1.attempts, a1.error.as_deref()), ("dead", 2, Some("a fault")));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_is_claimed_behind_what_somebody_else_is_claiming(db: PgPool) {
    arrive(&db, &[("a1", Some("a")), ("a2", Some("a")), ("a3", Some("a")), ("a4", Some("a")), ("b1", Some("b"))]).await;
    for (held, free) in [("a1", vec!["b1"]), ("a2", vec!["a1", "b1"]), ("a3", vec!["a1", "a2", "b1"])] {
        let mut other = db.begin().await.expect("a transaction");
        let hold = sqlx::query("select from inbox.delivery where external_id = $1 for update").bind(held);
        hold.execute(&mut *other).await.expect("a row");
        assert_eq!(names(&db, &claims(&db).await).await, free, "{held} is held");
        other.rollback().await.expect("nothing");
        let anew = sqlx::query("update inbox.delivery set leased_until = null, attempts = 0");
        anew.execute(&db).await.expect("a commit");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn whoever_lost_the_lease_can_write_no_more(db: PgPool) {
    arrive(&db, &[("a1", Some("a"))]).await;
    let old = claims(&db).await;
    lapse(&db).await;
    let new = claims(&db).await;
    assert_eq!((new[0].id, new[0].token), (old[0].id, old[0].token + 1));
    assert_eq!(names(&db, &old).await, Vec::<String>::new());
    assert!(!fail(&db, &old[0], "late", None).await.expect("a commit"));
    let mut transaction = db.begin().await.expect("a transaction");
    assert_eq!(take(&mut transaction, &new).await.expect("events").events.len(), 1);
    lapse_of(&mut transaction, &new[0]).await;
    assert_eq!(claims(&db).await, [], "whoever applies it holds it, however long that takes");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_is_applied_before_what_somebody_else_took_over(db: PgPool) {
    arrive(&db, &[("a1", Some("a")), ("a2", Some("a")), ("b1", Some("b"))]).await;
    let old = claims(&db).await;
    let over = sqlx::query("update inbox.delivery set token = token + 1 where external_id = 'a1'");
    over.execute(&db).await.expect("a row");
    assert_eq!(names(&db, &old).await, ["b1"], "a2 waits for a1, whoever has it");
}

/// Its lease runs out while its transaction goes on.
async fn lapse_of(db: &mut sqlx::PgConnection, claim: &Claim) {
    let lapsed = sqlx::query("update inbox.delivery set leased_until = now() where id = $1").bind(claim.id);
    lapsed.execute(db).await.expect("a row");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_tried_before_is_tried_alone(db: PgPool) {
    arrive(&db, &[("a", None), ("b", None)]).await;
    assert_eq!(claims(&db).await.len(), 2);
    arrive(&db, &[("c", None), ("d", None)]).await;
    lapse(&db).await;
    let mut rounds = Vec::new();
    for _ in 0..4 {
        rounds.push(names(&db, &claims(&db).await).await.join(" "));
    }
    assert_eq!(rounds, ["a", "b", "c d", ""]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_failed_is_found_among_what_keeps_coming(db: PgPool) {
    arrive(&db, &[("a1", Some("a")), ("a2", Some("a"))]).await;
    let first = claims(&db).await;
    release(&db, &[&first[1]], None).await.expect("a commit");
    fail(&db, &first[0], "for a moment", Some(Duration::ZERO)).await.expect("a commit");
    arrive(&db, &[("b", None), ("c", None)]).await;
    assert_eq!(names(&db, &claims(&db).await).await, ["b", "c"], "whatever nobody tried yet goes first");
    let again = claim(&db, Source::Pagerduty, Waiting::Again, 10).await.expect("claims");
    assert_eq!(names(&db, &again).await, ["a1"]);
    assert!(hold(&db, &again[0]).await.expect("a commit"), "it is ours");
    assert!(!hold(&db, &first[0]).await.expect("a commit"), "somebody claimed it after");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn other_senders_and_what_is_not_due_stay(db: PgPool) {
    arrive(&db, &[("a", None), ("b", None)]).await;
    assert_eq!(claim(&db, Source::Github, Waiting::Any, 10).await.expect("claims"), []);
    let later = sqlx::query("update inbox.delivery set due_at = now() + interval '1 hour' where external_id = 'a'");
    later.execute(&db).await.expect("a commit");
    let claims = claims(&db).await;
    assert_eq!(names(&db, &claims).await, ["b"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn retries_are_for_what_failed_and_replays_for_all_that_is_finished(db: PgPool) {
    arrive(&db, &[("done", None), ("dead", None), ("odd", None), ("waits", None), ("bare", None)]).await;
    for (name, state) in [("done", "applied"), ("dead", "dead"), ("odd", "unparsed"), ("bare", "dead")] {
        let set = sqlx::query("update inbox.delivery set state = $2, attempts = 8 where external_id = $1");
        set.bind(name).bind(state).execute(&db).await.expect("a commit");
    }
    let bare = "delete from inbox.body where delivery_id = (select id from inbox.delivery where external_id = 'bare')";
    sqlx::query(bare).execute(&db).await.expect("a commit");
    let id = async |name: &str| Delivery::with_id(&db, name).await.expect("events").remove(0).id;
    assert_eq!(retry(&db, Some(id("done").await)).await.expect("a commit"), 0);
    assert_eq!(retry(&db, None).await.expect("a commit"), 2, "what has no bytes cannot be tried");
    assert_eq!(names(&db, &claims(&db).await).await, ["dead", "odd", "waits"]);
    assert_eq!(replay(&db, Again::One(id("dead").await)).await.expect("a commit"), 0, "it is waiting anyway");
    let between = Again::Between(now(), now() + TimeDelta::seconds(1), Some(Source::Pagerduty));
    assert_eq!(replay(&db, between).await.expect("a commit"), 1);
    assert_eq!(replay(&db, Again::Between(now() - TimeDelta::days(1), now(), None)).await.expect("a commit"), 0);
    assert_eq!(names(&db, &claims(&db).await).await, ["done"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_feed_lives_by_what_was_sent_and_not_by_what_we_read(db: PgPool) {
    assert_eq!(last(&db, Source::Pagerduty).await.expect("a moment"), None);
    arrive(&db, &[("a", None), ("b", None)]).await;
    for (name, event, days) in [("a", "pagey.ping", 2), ("b", "poll.incident", 1)] {
        let set = sqlx::query("update inbox.delivery set event = $2, received_at = $3 where external_id = $1");
        set.bind(name).bind(event).bind(now() - TimeDelta::days(days)).execute(&db).await.expect("a commit");
    }
    let then = Some(now() - TimeDelta::days(2));
    assert_eq!(last(&db, Source::Pagerduty).await.expect("a moment"), then);
    assert_eq!(last_ping(&db).await.expect("a moment"), then);
    assert_eq!(last(&db, Source::Github).await.expect("a moment"), None);
}

/// Rows of events and entries of their indexes that were read, and how often one was looked up, so far.
async fn read(db: &PgPool) -> (i64, i64) {
    let read = "select t.seq_tup_read + sum(i.idx_tup_read)::bigint, t.idx_scan from pg_stat_user_tables t
        join pg_stat_user_indexes i on i.relid = t.relid
        where t.schemaname = 'inbox' and t.relname = 'delivery' group by t.seq_tup_read, t.idx_scan";
    sqlx::query_as(read).fetch_one(db).await.expect("figures")
}

/// Ends everything that waits, in one go.
async fn end_all(db: &PgPool) {
    sqlx::query("update inbox.delivery set state = 'applied'").execute(db).await.expect("a commit");
}

/// Stores so many events, of which three each have one subject; a long one, so that the index of subjects is the deeper one.
async fn pour(db: &PgPool, name: &str, count: usize) {
    let names: Vec<_> = (0..count).map(|it| (format!("{name}{it}"), format!("{:0>200}", it % (count / 3)))).collect();
    let events: Vec<(&str, Option<&str>)> = names.iter().map(|(id, of)| (id.as_str(), Some(of.as_str()))).collect();
    arrive(db, &events).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_a_storm_brings_is_looked_up_although_the_claim_was_planned_in_a_calm(pool: PgPool) {
    sqlx::query("vacuum analyze inbox.delivery").execute(&pool).await.expect("a look at nothing");
    looked_up(&pool).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_a_storm_brings_after_many_that_are_over_is_looked_up(pool: PgPool) {
    for name in ["a", "b", "c"] {
        pour(&pool, name, 6_000).await;
        end_all(&pool).await;
    }
    // The ends of the index of subjects, and neighbours by age: so that one takes more steps to look into than the other.
    arrive(&pool, &[("first", Some("0")), ("last", Some("last"))]).await;
    sqlx::query("vacuum analyze inbox.delivery").execute(&pool).await.expect("a look at the table");
    end(&pool, &claims(&pool).await, State::Applied).await;
    looked_up(&pool).await;
}

/// Claims after a look at the table in a calm, planned then.
async fn looked_up(pool: &PgPool) {
    let options = crate::pool::tuned(pool.connect_options().as_ref().clone());
    let db = crate::pool::carrying(&sqlx::postgres::PgPoolOptions::new().max_connections(1).connect_lazy_with(options));
    assert_eq!(claims(&db).await, []);
    pour(&db, "e", 3_000).await;
    let before = read(pool).await;
    assert_eq!(claims(&db).await.len(), 10);
    db.close().await;
    // Figures are told when the connection ends, and a moment later.
    let after = loop {
        let now = read(pool).await;
        if now.1 > before.1 {
            break now;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(after.0 - before.0 < 1_000, "{} rows and entries were read for ten claims", after.0 - before.0);
}
