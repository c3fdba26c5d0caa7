use bytes::Bytes;
use chrono::Utc;
use console::Ctx;
use console::usage::recorder;
use domain::PgConnection;
use domain::delivery::{Arrived, Claimed, Content, Delivery, Source, State, Waiting, claim, store};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::apply::Applied;
use crate::failing::ATTEMPTS;
use crate::worker::{Turn, Worker};

/// Does what each event's id says, and leaves a trace in the same transaction.
fn obey<'a>(
    _: &'a Ctx,
    db: &'a mut PgConnection,
    events: &'a [Claimed],
) -> BoxFuture<'a, anyhow::Result<Vec<Applied>>> {
    async move {
        let mut applied = Vec::new();
        for event in events {
            applied.push(one(&mut *db, event).await?);
        }
        Ok(applied)
    }
    .boxed()
}

async fn one(db: &mut PgConnection, event: &Claimed) -> anyhow::Result<Applied> {
    let trace = sqlx::query("insert into public.trace values ($1)").bind(&event.external_id);
    trace.execute(&mut *db).await?;
    match event.external_id.split('-').next() {
        Some("errs") => anyhow::bail!("there is no such thing"),
        Some("panics") => panic!("an index is out of bounds"),
        Some("sql") => {
            sqlx::query("select 1 / 0").execute(&mut *db).await?;
            Ok(Applied::Done)
        }
        Some("full") => {
            let full = "do $$ begin raise exception 'no space left on device' using errcode = 'disk_full'; end $$";
            sqlx::query(full).execute(&mut *db).await?;
            Ok(Applied::Done)
        }
        Some("slow") => std::future::pending().await,
        Some("odd") => Ok(Applied::Unparsed("it says nothing".into())),
        Some("other") => Ok(Applied::Ignored),
        _ => Ok(Applied::Done),
    }
}

async fn worker(db: &PgPool) -> Worker {
    sqlx::query("create table public.trace (id text)").execute(db).await.expect("a table");
    Worker::with(Ctx::new(alone(db).await, recorder().0), obey)
}

/// A pool of one connection: whoever took a second would wait in vain.
async fn alone(db: &PgPool) -> PgPool {
    let options = (*db.connect_options()).clone();
    sqlx::postgres::PgPoolOptions::new().max_connections(1).connect_with(options).await.expect("a connection")
}

async fn arrive(db: &PgPool, ids: &[&str]) {
    for id in ids {
        let arrived = Arrived {
            id: Uuid::now_v7(),
            source: Source::Pagerduty,
            external_id: (*id).into(),
            event: "incident.triggered".into(),
            action: None,
            subject: id.split_once('-').map(|(_, subject)| subject.into()),
            received_at: Utc::now(),
            source_at: None,
            state: State::Pending,
            content: Content::Json,
            headers: json!({}),
            body: Bytes::from_static(b"{}"),
        };
        store(db, &[&arrived]).await.expect("a commit");
    }
}

async fn turns(worker: &Worker) {
    while worker.turn(Source::Pagerduty, Waiting::Any).await.expect("a turn") != Turn::Idle {}
}

async fn state(db: &PgPool, id: &str) -> String {
    let it = Delivery::with_id(db, id).await.expect("events").remove(0);
    format!("{} {} {}", it.state, it.attempts, it.error.unwrap_or_default())
}

async fn traces(db: &PgPool) -> Vec<String> {
    sqlx::query_scalar("select id from public.trace order by id").fetch_all(db).await.expect("rows")
}

async fn due(db: &PgPool) {
    sqlx::query("update inbox.delivery set due_at = now()").execute(db).await.expect("a commit");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_bad_event_takes_no_other_with_it(db: PgPool) {
    let worker = worker(&db).await;
    arrive(&db, &["a", "errs", "b", "panics", "c", "sql", "d", "odd", "other"]).await;
    turns(&worker).await;
    assert_eq!(traces(&db).await, ["a", "b", "c", "d", "odd", "other"], "each once, and nothing of those that failed");
    for good in ["a", "b", "c", "d"] {
        assert_eq!(state(&db, good).await, "applied 1 ");
    }
    assert_eq!(state(&db, "errs").await, "pending 1 there is no such thing");
    assert_eq!(state(&db, "panics").await, "pending 1 applying it panicked: an index is out of bounds");
    let sql = state(&db, "sql").await;
    assert!(sql.starts_with("pending 1 ") && sql.matches("division by zero").count() == 1, "{sql}");
    assert_eq!(state(&db, "odd").await, "unparsed 1 it says nothing");
    assert_eq!(state(&db, "other").await, "ignored 1 ");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_fails_again_and_again_is_set_aside_and_its_subject_goes_on(db: PgPool) {
    let worker = worker(&db).await;
    arrive(&db, &["errs-one", "a-one", "b-two", "panics-three"]).await;
    for _ in 1..ATTEMPTS {
        turns(&worker).await;
        assert_eq!(traces(&db).await, ["b-two"], "an event waits for those before it");
        due(&db).await;
    }
    turns(&worker).await;
    assert_eq!(state(&db, "errs-one").await, format!("dead {ATTEMPTS} there is no such thing"));
    assert!(state(&db, "panics-three").await.starts_with("dead"));
    assert_eq!(traces(&db).await, ["a-one", "b-two"]);
    let told = "select key, destination, card::text from notify.message";
    let told: Vec<(String, String, String)> = sqlx::query_as(told).fetch_all(&db).await.expect("messages");
    let [(key, to, card)] = told.as_slice() else {
        panic!("one a kind of event, and nothing before it is sure: {told:?}")
    };
    assert!(key.starts_with("inbox/dead/pagerduty/incident.triggered/") && to == "administrators", "{key} {to}");
    assert!(card.contains("pinconsole inbox retry") && card.contains("Tried"), "{card}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_ends_the_program_each_time_is_set_aside(db: PgPool) {
    let worker = worker(&db).await;
    arrive(&db, &["a"]).await;
    let killed = sqlx::query("update inbox.delivery set attempts = $1, token = $1, leased_until = now()");
    killed.bind(ATTEMPTS).execute(&db).await.expect("a commit");
    turns(&worker).await;
    assert!(state(&db, "a").await.starts_with("dead 9 the program ended"), "{}", state(&db, "a").await);
    assert_eq!(traces(&db).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_the_database_has_no_room_for_is_no_try(db: PgPool) {
    let worker = worker(&db).await;
    arrive(&db, &["a", "full", "b"]).await;
    for _ in 0..2 * ATTEMPTS {
        turns(&worker).await;
        assert_eq!((traces(&db).await, state(&db, "full").await), (vec!["a".into(), "b".into()], "pending 0 ".into()));
        due(&db).await;
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn nothing_is_applied_alone_before_what_somebody_else_has_of_its_subject(db: PgPool) {
    let worker = worker(&db).await;
    arrive(&db, &["a-one", "b-one", "c-two"]).await;
    let ours = claim(&db, Source::Pagerduty, Waiting::Any, 10).await.expect("claims");
    let lapsed = sqlx::query("update inbox.delivery set leased_until = now() - interval '1 s'");
    lapsed.execute(&db).await.expect("a commit");
    let theirs = claim(&db, Source::Pagerduty, Waiting::Any, 10).await.expect("claims");
    assert_eq!((ours.len(), theirs.len(), theirs[0].id), (3, 1, ours[0].id));
    worker.each(Source::Pagerduty, &ours).await;
    assert_eq!(traces(&db).await, ["c-two"]);
    assert_eq!(state(&db, "b-one").await, "pending 0 ", "given back, for whoever is done with the first");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_takes_too_long_is_interrupted_and_the_worker_goes_on(db: PgPool) {
    let worker = worker(&db).await;
    arrive(&db, &["slow"]).await;
    turns(&worker).await;
    assert_eq!(state(&db, "slow").await, "pending 1 it took longer than 10s");
    arrive(&db, &["a"]).await;
    turns(&worker).await;
    assert_eq!(traces(&db).await, ["a"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn bytes_that_are_gone_cannot_be_applied(db: PgPool) {
    let worker = worker(&db).await;
    arrive(&db, &["a", "b"]).await;
    let gone = "delete from inbox.body where delivery_id = (select id from inbox.delivery where external_id = 'a')";
    sqlx::query(gone).execute(&db).await.expect("a commit");
    turns(&worker).await;
    assert_eq!(state(&db, "a").await, "dead 1 its bytes are no longer kept");
    assert_eq!(state(&db, "b").await, "applied 1 ");
}
