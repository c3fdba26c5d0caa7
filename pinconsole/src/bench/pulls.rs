//! Events of GitHub from the webhook to what is known of pull requests, in a company of 700 people.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::{PgPool, pool};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::time::sleep;
use uuid::Uuid;

use super::client::post;
use super::events::SECRET;
use super::figures::quantile;
use super::ground::Ground;
use super::load;
use super::report::{Goal, Report};
use super::served::Served;

const CALLERS: usize = 64;
const PEOPLE: usize = 700;
const REPOSITORIES: usize = 500;
const PULLS: usize = 3_000;
/// Pull requests to which all that [`HISTORY`] names happens in a round.
const BUSY: usize = 1_000;
const HISTORY: [&str; 6] = ["labeled", "review_requested", "created", "completed", "comment", "submitted"];
/// Events a second when the time until one is applied is measured, and for how long. A company of this size has a tenth of it.
const PACE: u32 = 200;
const TIME: Duration = Duration::from_secs(5);
/// How long everything may take to be applied.
const PATIENCE: Duration = Duration::from_secs(120);

const FILL: [&str; 5] = [
    "insert into github.actor (id, login, kind, source_at) select n, 'user' || n, 'User', now() - interval '1 day'
     from generate_series(0, 699) n",
    "insert into github.repository (id, name, default_branch, source_at) select n, 'mosaic-lane/bench' || n, 'main', now() - interval '1 day'
     from generate_series(0, 499) n",
    "insert into github.pull_request (id, repository_id, number, title, author_id, state, head_sha, base_ref, created_at, active_at,
        source_at)
     select n, n % 500, n, 'Change ' || n, n % 700, 'open', lpad(to_hex(n), 40, '0'), 'main', now() - interval '2 days',
        now() - interval '1 day', now() - interval '1 day'
     from generate_series(0, 2999) n",
    // When each event was applied: a moment before its transaction ends.
    "create table public.applied as select received_at, now() as at from inbox.delivery limit 0",
    "create function public.note() returns trigger language plpgsql as
     'begin insert into public.applied values (new.received_at, clock_timestamp()); return null; end'",
];
const NOTE: &str = "create trigger note after update on inbox.delivery for each row
    when (old.state = 'pending' and new.state = 'applied') execute function public.note()";

pub async fn measure(ground: &Ground, rounds: u32) -> Result<Report> {
    let mut report = Report::new("pulls", "GitHub's events from the webhook to what is known of pull requests");
    let database = ground.loaded().await?;
    let db = pool::pool(database.as_str(), 2)?;
    domain::delivery::make_room(&db, Utc::now()).await?;
    for fill in FILL.into_iter().chain([NOTE, "vacuum analyze"]) {
        sqlx::query(fill).execute(&db).await?;
    }
    let served = Served::start(ground, database, None)?;
    for round in 0..usize::try_from(rounds)? {
        let before = (served.cpu()?, ground.postgres_cpu()?);
        sqlx::query("truncate public.applied").execute(&db).await?;
        let begun = Utc::now();
        let events = HISTORY
            .iter()
            .enumerate()
            .flat_map(|(nth, what)| (0..BUSY).map(move |it| event(what, it, round * 10 + nth)));
        let stored = load::once(served.signed, CALLERS, &Arc::new(events.collect())).await?;
        settled(&db).await?;
        let ended = "select max(at) from public.applied";
        let ended: DateTime<Utc> = sqlx::query_scalar(ended).fetch_one(&db).await.context("nothing was applied")?;
        let seconds = (ended - begun).as_seconds_f64();
        let used = (served.cpu()? - before.0, ground.postgres_cpu()? - before.1);
        let thousands = stored.answers() / 1_000.0;
        report.note("64 connections, acknowledged", "a second", stored.rate());
        report.aim("64 connections, stored and applied", "a second", Goal::AtLeast(500.0), stored.answers() / seconds);
        report.note("CPU per 1,000 stored and applied, server and Postgres", "s", (used.0 + used.1) / thousands);
        report.note("CPU per 1,000, Postgres", "s", used.1 / thousands);
        sqlx::query("truncate public.applied").execute(&db).await?;
        let paced = (0..usize::try_from(PACE)? * 5).map(|it| event(HISTORY[it % HISTORY.len()], BUSY + it, round * 10));
        load::open(served.signed, PACE, TIME, &Arc::new(paced.collect())).await?;
        settled(&db).await?;
        let lags = "select extract(epoch from at - received_at)::float8 * 1000 from public.applied";
        let lags: Vec<f64> = sqlx::query_scalar(lags).fetch_all(&db).await?;
        ensure!(lags.len() >= usize::try_from(PACE)?, "only {} events were applied", lags.len());
        report.note("from receipt to applied under 200 a second, half within", "ms", quantile(&lags, 0.5));
        let slowest = quantile(&lags, 0.99);
        report.aim("from receipt to applied under 200 a second, 99 of 100 within", "ms", Goal::AtMost(1000.0), slowest);
        report.note("one fdatasync", "ms", ground.fdatasync()?);
    }
    drop(served);
    db.close().await;
    Ok(report)
}

fn user(number: usize) -> Value {
    json!({ "id": number % PEOPLE, "login": format!("user{}", number % PEOPLE), "type": "User" })
}

/// Something that happens to a pull request; `step` puts what happens later later.
fn event(what: &str, number: usize, step: usize) -> Vec<u8> {
    let number = number % PULLS;
    let now = (Utc::now() + chrono::TimeDelta::seconds(i64::try_from(step).unwrap_or_default()))
        .to_rfc3339_opts(SecondsFormat::Secs, true);
    let (sha, reviewer) = (format!("{number:040x}"), user(number + 1));
    let pull = json!({
        "id": number, "number": number, "node_id": format!("PR_{number}"), "title": format!("Change {number}"), "state": "open",
        "html_url": format!("https://github.example/pull/{number}"), "draft": false, "user": user(number), "merged_at": null,
        "created_at": "2026-11-02T09:14:07Z", "updated_at": now, "head": { "sha": sha, "ref": "change" },
        "base": { "ref": "main", "sha": sha }, "requested_reviewers": if what == "review_requested" { vec![&reviewer] } else { vec![] },
        "requested_teams": [], "labels": [{ "name": "bench" }], "auto_merge": null, "body": "Because of the bank. ".repeat(100),
    });
    let repository = number % REPOSITORIES;
    let mut body = json!({ "action": what, "sender": user(number),
        "repository": { "id": repository, "full_name": format!("mosaic-lane/bench{repository}"), "default_branch": "main" } });
    let run = json!({ "id": 1_000_000 + number + step * PULLS, "name": "build", "head_sha": sha, "status": "completed",
        "conclusion": if what == "completed" { Some("success") } else { None }, "completed_at": now });
    let (name, field, value) = match what {
        "created" | "completed" => ("check_run", "check_run", run),
        "comment" => (
            "issue_comment",
            "comment",
            json!({ "id": number + step * PULLS, "user": reviewer, "body": "@user1 why?",
            "created_at": now, "updated_at": now }),
        ),
        "submitted" => (
            "pull_request_review",
            "review",
            json!({ "id": number + step * PULLS, "user": reviewer, "state": "approved",
            "body": "Good.", "submitted_at": now }),
        ),
        "review_requested" => ("pull_request", "requested_reviewer", reviewer),
        _ => ("pull_request", "label", json!({ "name": "bench" })),
    };
    body[field] = value;
    match name {
        "check_run" => {}
        "issue_comment" => {
            body["action"] = json!("created");
            body["issue"] = json!({ "number": number, "pull_request": {} });
        }
        _ => body["pull_request"] = pull,
    }
    signed(name, &body.to_string())
}

fn signed(name: &str, body: &str) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).map(|it| it.chain_update(body).finalize());
    let signature = format!("sha256={}", mac.map(|it| hex::encode(it.into_bytes())).unwrap_or_default());
    let id = Uuid::now_v7().to_string();
    let headers = [
        ("content-type", "application/json"),
        ("x-github-delivery", &id),
        ("x-github-event", name),
        ("x-hub-signature-256", &signature),
    ];
    post("/webhooks/github", &headers, body)
}

/// Every event is applied. Asked seldom, and by the index of what waits, since asking is on the bill of the database too.
async fn settled(db: &PgPool) -> Result<()> {
    let begun = Instant::now();
    let waits = "select exists (select from inbox.delivery where source = 'github' and state = 'pending')";
    while sqlx::query_scalar(waits).fetch_one(db).await.context("the inbox could not be read")? {
        ensure!(begun.elapsed() < PATIENCE, "after {PATIENCE:?} not every event is applied");
        sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
