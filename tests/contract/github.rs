//! GitHub's own examples of what it sends, all of them: each is applied, or counted as not concerning us.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::Utc;
use console::Ctx;
use console::usage::recorder;
use domain::delivery::{Arrived, Content, Source, State, store};
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use webhooks::Worker;

use crate::typescript::modules;

/// The descriptions' folders: github.com, and each GitHub Enterprise that they know.
const EDITIONS: [&str; 6] = ["api.github.com", "ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35"];

/// How long all may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many examples there are, at least: fewer would mean that we do not find them.
const AT_LEAST: usize = 700;

fn examples() -> Vec<(String, Value)> {
    let folder = modules().join("@octokit/webhooks-examples");
    let mut examples = Vec::new();
    for edition in EDITIONS {
        let file = fs::read(folder.join(edition).join("index.json")).expect("examples of this edition");
        let events: Vec<Value> = serde_json::from_slice(&file).expect("JSON");
        for event in events {
            let name = event["name"].as_str().expect("a name").to_string();
            let all = event["examples"].as_array().expect("examples");
            examples.extend(all.iter().map(|it| (name.clone(), it.clone())));
        }
    }
    examples
}

fn arrived(nth: usize, (event, body): &(String, Value)) -> Arrived {
    Arrived {
        id: Uuid::now_v7(),
        source: Source::Github,
        external_id: format!("example-{nth:04}"),
        event: event.clone(),
        action: body["action"].as_str().map(String::from),
        subject: body["repository"]["full_name"].as_str().map(str::to_lowercase),
        received_at: Utc::now(),
        source_at: None,
        state: State::Pending,
        content: Content::Json,
        headers: json!({}),
        body: Bytes::from(serde_json::to_vec(body).expect("JSON")),
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn every_example_of_github_is_applied_or_does_not_concern_us(db: PgPool) {
    let examples = examples();
    assert!(examples.len() >= AT_LEAST, "there are only {} examples", examples.len());
    let deliveries: Vec<Arrived> = examples.iter().enumerate().map(|(nth, it)| arrived(nth, it)).collect();
    store(&db, &deliveries.iter().collect::<Vec<_>>()).await.expect("a commit");
    let stop = CancellationToken::new();
    let worker = tokio::spawn(Worker::new(Ctx::new(db.clone(), recorder().0)).run(stop.clone()));
    let (begun, pending) = (Instant::now(), "select count(*) from inbox.delivery where state = 'pending'");
    while sqlx::query_scalar::<_, i64>(pending).fetch_one(&db).await.expect("a number") > 0 {
        assert!(begun.elapsed() < PATIENCE, "it takes too long");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    stop.cancel();
    worker.await.expect("the worker ends");
    let rows = "select event, coalesce(action, ''), state, coalesce(error, '') from inbox.delivery order by id";
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(rows).fetch_all(&db).await.expect("rows");
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (event, action, state, error) in rows {
        assert!(state == "applied" || state == "ignored", "{event} {action}: {state} {error}");
        *counts.entry((state, event)).or_default() += 1;
    }
    let of = |state: &str, event: &str| counts.get(&(state.into(), event.into())).copied().unwrap_or_default();
    for kept in
        ["pull_request", "pull_request_review", "check_run", "status", "push", "deployment_status", "membership"]
    {
        assert!(of("applied", kept) > 0, "no {kept} was applied: {counts:?}");
    }
    for other in ["star", "discussion", "check_suite", "sponsorship"] {
        assert!(of("applied", other) == 0 && of("ignored", other) > 0, "{other} concerns nobody: {counts:?}");
    }
}
