//! Two replicas work beside each other, and never wait for each other in a circle.

use bytes::Bytes;
use chrono::Utc;
use console::Ctx;
use console::usage::recorder;
use domain::delivery::{Arrived, Content, Source, State, Waiting, store};
use domain::github::Change;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, PgPool};
use uuid::Uuid;

use super::apply::{Said, project};
use super::samples::{about, at, delivery, id, pull, repository, second, user, whole, with};
use crate::worker::Worker;

const PULLS: i64 = 8;
const ROUNDS: i64 = 12;

fn arrived(event: &str, subject: String, (millis, body): (i64, &Value)) -> Arrived {
    Arrived {
        id: Uuid::now_v7(),
        source: Source::Github,
        external_id: format!("{}-{}", id(millis, 0), Uuid::new_v4().simple()),
        event: event.into(),
        action: None,
        subject: Some(subject),
        received_at: Utc::now(),
        source_at: None,
        state: State::Pending,
        content: Content::Json,
        headers: json!({}),
        body: Bytes::from(serde_json::to_vec(body).expect("JSON")),
    }
}

/// Of each pull request labels and checks in turn, and pushes into the branch of all of them.
fn morning() -> Vec<Arrived> {
    let sha = |pull: i64| format!("{pull:040x}");
    let shown = |nth: i64, millis: i64| {
        let labels: Vec<Value> = (0..millis / 1000).map(|it| json!({"name": format!("l{it:02}")})).collect();
        with(pull(millis), json!({"id": nth, "number": nth, "head": {"sha": sha(nth), "ref": "x"}, "labels": labels}))
    };
    let mut events = Vec::new();
    for round in 0..ROUNDS {
        let millis = round * 1000;
        for nth in (1..=PULLS).map(|it| if round % 2 == 0 { it } else { PULLS + 1 - it }) {
            let action = if round == 0 { "opened" } else { "labeled" };
            let label = json!({"label": {"name": format!("l{:02}", round - 1)}});
            let body = about(action, &shown(nth, millis), label);
            events.push(arrived("pull_request", format!("mosaic-lane/payments#{nth}"), (millis, &body)));
            let run = json!({"id": round + 1, "name": "build", "head_sha": sha(nth), "status": "completed",
                "conclusion": if round % 3 == 0 { "failure" } else { "success" }, "completed_at": second(millis)});
            let body = json!({"action": "completed", "check_run": run, "repository": repository(), "sender": user(1)});
            events.push(arrived("check_run", format!("mosaic-lane/payments@{}", sha(nth)), (millis, &body)));
        }
        let push = json!({"ref": "refs/heads/main", "before": "a", "after": "b", "repository": repository(), "sender": user(1)});
        events.push(arrived("push", "mosaic-lane/payments".into(), (millis, &push)));
    }
    events
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn replicas_apply_side_by_side_without_standing_in_each_others_way(db: PgPool) {
    let events = morning();
    store(&db, &events.iter().collect::<Vec<_>>()).await.expect("a commit");
    let worker = || async {
        let worker = Worker::new(Ctx::new(db.clone(), recorder().0));
        let pending = "select count(*) from inbox.delivery where state = 'pending'";
        while sqlx::query_scalar::<_, i64>(pending).fetch_one(&db).await.expect("a number") > 0 {
            worker.turn(Source::Github, Waiting::Any).await.expect("a turn");
        }
    };
    tokio::join!(worker(), worker(), worker());
    let states = "select distinct state from inbox.delivery";
    let states: Vec<String> = sqlx::query_scalar(states).fetch_all(&db).await.expect("rows");
    assert_eq!(states, ["applied"]);
    for nth in 1..=PULLS {
        let it = whole(&db, nth).await;
        assert_eq!(
            (it.pull_request.labels.len(), it.checks.passed),
            (usize::try_from(ROUNDS - 1).expect("few"), 1),
            "{nth}"
        );
    }
    assert_eq!(circles(db).await, 0);
}

/// How often Postgres had to end transactions that waited for each other. What a connection saw counts once it has ended.
async fn circles(db: PgPool) -> i64 {
    db.close().await;
    let mut last = PgConnection::connect_with(&db.connect_options()).await.expect("a connection");
    let others = "select exists (select from pg_stat_activity where datname = current_database()
        and backend_type = 'client backend' and pid <> pg_backend_pid())";
    while sqlx::query_scalar::<_, bool>(others).fetch_one(&mut last).await.expect("an answer") {
        tokio::task::yield_now().await;
    }
    let seen = "select deadlocks from pg_stat_database where datname = current_database()";
    sqlx::query_scalar(seen).fetch_one(&mut last).await.expect("a number")
}

/// Somebody waits for what another transaction holds.
async fn waits(db: &PgPool) {
    let waiting =
        "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(waiting).fetch_one(db).await.expect("an answer") {
        tokio::task::yield_now().await;
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_pull_request_that_another_replica_stores_at_this_moment_is_read_again(db: PgPool) {
    let opened = [delivery("pull_request", (0, 1), &about("opened", &pull(0), json!({})))];
    let asked = with(pull(1000), json!({"requested_reviewers": [user(2)]}));
    let asked = about("review_requested", &asked, json!({"requested_reviewer": user(2)}));
    let other = with(pull(0), json!({"id": 402, "number": 8}));
    let asked = [
        delivery("pull_request", (0, 2), &about("opened", &other, json!({}))),
        delivery("pull_request", (1000, 3), &asked),
    ];
    let mut first = db.begin().await.expect("a transaction");
    project(&mut first, &opened, at(2000)).await.expect("projected");
    let second = async {
        let mut second = db.begin().await.expect("a transaction");
        let said = project(&mut second, &asked, at(2000)).await.expect("projected");
        second.commit().await.expect("a commit");
        said
    };
    let end = async {
        waits(&db).await;
        first.commit().await.expect("a commit");
    };
    let (said, ()) = tokio::join!(second, end);
    let Said::Known(news) = &said[1] else { panic!("it was not understood") };
    assert!(matches!(&news[0].happened.changes[..], [Change::Requested { .. }]), "it was known before: {news:?}");
    let it = whole(&db, 401).await;
    assert_eq!((it.requests.len(), it.pull_request.title.as_str(), it.pull_request.revision), (1, "Retry once", 2));
    assert_eq!(whole(&db, 402).await.pull_request.title, "Retry once");
}
