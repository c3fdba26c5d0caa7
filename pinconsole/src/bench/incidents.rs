//! Events of PagerDuty from the webhook to the call of Slack, and who is on call.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::delivery::Source;
use domain::{PgPool, pool};
use hmac::{Hmac, KeyInit, Mac};
use integrations::fake::World;
use integrations::fake::slack::{Slack, SlackChannel};
use serde_json::json;
use sha2::Sha256;
use tokio::time::sleep;

use super::client::post;
use super::events::SECRET;
use super::figures::quantile;
use super::filled::TOKEN;
use super::ground::Ground;
use super::report::{Goal, Report};
use super::served::Served;
use super::settled::settled;
use super::{keys, load};

const CALLERS: usize = 64;
/// Incidents a round, each triggered, acknowledged and resolved; nobody owns what they are about, so that administrators are
/// told, in a few messages that tell of hundreds.
const QUIET: usize = 2_048;
/// Incidents a second when the time to Slack is measured, and for how long; each in a channel of its own.
const PACE: u32 = 200;
const TIME: Duration = Duration::from_secs(5);
const LOUD: usize = 1_000;
/// Services, policies, schedules and people of PagerDuty, with an entity and a channel each.
const FILL: [&str; 7] = [
    "insert into incidents.policy (id, name, source_at) select 'P' || n, 'bench ' || n, now() from generate_series(0, $1) n",
    "insert into incidents.level (policy_id, level, position, kind, target, delay_minutes)
     select 'P' || n, 1, 0, 'schedule', 'H' || n, 30 from generate_series(0, $1) n",
    "insert into incidents.schedule (id, name, time_zone, source_at)
     select 'H' || n, 'bench ' || n, 'Europe/Berlin', now() from generate_series(0, $1) n",
    "insert into incidents.member (id, name, time_zone, source_at)
     select 'M' || n, 'Somebody ' || n, 'Europe/Berlin', now() from generate_series(0, $1) n",
    "insert into incidents.service (id, name, status, policy_id, source_at)
     select 'S' || n, 'bench ' || n, 'active', 'P' || n, now() from generate_series(0, $1) n",
    "insert into incidents.shift (id, policy_id, level, schedule_id, member_id, starts_at, ends_at, seen_at)
     select gen_random_uuid(), 'P' || n, 1, 'H' || n, 'M' || n, now() - interval '1 day', now() + interval '6 days', now()
     from generate_series(0, $1) n",
    "insert into catalog.entity (ref, kind, namespace, name, type, lifecycle, document, source, location, line, digest)
     select 'component:default/bench-' || n, 'Component', 'default', 'bench-' || n, 'service', 'production',
        jsonb_build_object('apiVersion', 'backstage.io/v1alpha1', 'kind', 'Component', 'metadata', jsonb_build_object(
            'name', 'bench-' || n, 'namespace', 'default', 'annotations', jsonb_build_object(
                'pagerduty.com/service-id', 'S' || n, 'pinconsole.io/slack-channel', 'CBENCH' || n)),
            'spec', jsonb_build_object('type', 'service', 'lifecycle', 'production', 'owner', 'nobody')),
        'files', 'file:bench.yaml', 1, '\\x00' from generate_series(0, $1) n",
];
/// How long everything may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn measure(ground: &Ground, rounds: u32) -> Result<Report> {
    let mut report = Report::new("incidents", "PagerDuty's events from the webhook to Slack, and who is on call");
    let database = ground.loaded().await?;
    let db = pool::pool(database.as_str(), 2)?;
    let loud = LOUD * usize::try_from(rounds)?;
    fill(&db, loud).await?;
    let world = World::start().await?.tolerant();
    let slack = world.slack();
    (0..loud).for_each(|it| slack.channel(SlackChannel::new(format!("CBENCH{it}"), format!("c{it}"))));
    let served = Served::start(ground, database, Some(&world))?;
    let asked = Arc::new((0..LOUD).map(oncall).collect::<Vec<_>>());
    for round in 0..usize::try_from(rounds)? {
        let before = (served.cpu()?, ground.postgres_cpu()?);
        let begun = Instant::now();
        let events = Arc::new((0..QUIET).flat_map(|it| history(round, it)).collect::<Vec<_>>());
        let stored = load::once(served.signed, CALLERS, &events).await?;
        settled(&db, Source::Pagerduty).await?;
        let seconds = begun.elapsed().as_secs_f64();
        let used = (served.cpu()? - before.0, ground.postgres_cpu()? - before.1);
        let ten_thousands = stored.answers() / 10_000.0;
        report.note("64 connections, acknowledged", "a second", stored.rate());
        report.note("64 connections, stored and applied", "a second", stored.answers() / seconds);
        report.aim(
            "CPU per 10,000 stored and applied, server and Postgres",
            "s",
            Goal::AtMost(3.0),
            (used.0 + used.1) / ten_thousands,
        );
        report.note("CPU per 10,000, Postgres", "s", used.1 / ten_thousands);
        let waits = loudly(&served, &db, &slack, round).await?;
        report.note("webhook to Slack under 200 a second, half within", "ms", quantile(&waits, 0.5));
        let slowest = quantile(&waits, 0.99);
        report.aim("webhook to Slack under 200 a second, 99 of 100 within", "ms", Goal::AtMost(250.0), slowest);
        let key = keys::rate(database, TIME / 2).await?;
        let answered = load::closed(served.web, CALLERS, TIME / 2, &asked).await?;
        report.note("oncall, 64 callers", "a second", answered.rate());
        report.note("oncall, half within", "ms", answered.quantile(0.5));
        report.note("oncall, 99 of 100 within", "ms", answered.quantile(0.99));
        report.note("oncall / Postgres key read", "times", answered.rate() / key);
        report.note("one fdatasync", "ms", ground.fdatasync()?);
    }
    drop(served);
    db.close().await;
    Ok(report)
}

async fn fill(db: &PgPool, services: usize) -> Result<()> {
    domain::delivery::make_room(db, Utc::now()).await?;
    for fill in FILL {
        sqlx::query(fill).bind(i32::try_from(services)?).execute(db).await?;
    }
    sqlx::query("vacuum analyze").execute(db).await?;
    Ok(())
}

/// What happens to an incident of a service that nobody knows.
fn history(round: usize, number: usize) -> [Vec<u8>; 3] {
    let incident = format!("Q{round}x{number}");
    ["triggered", "acknowledged", "resolved"].map(|it| event(&incident, it, &format!("X{number}"), number))
}

fn event(incident: &str, kind: &str, service: &str, number: usize) -> Vec<u8> {
    let now = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    let reference = |id: &str, kind: &str| json!({"id": id, "type": kind, "summary": id, "html_url": null});
    let body = json!({"event": {
        "id": uuid::Uuid::now_v7().simple().to_string(), "event_type": format!("incident.{kind}"),
        "resource_type": "incident", "occurred_at": now, "agent": reference("M1", "user_reference"), "client": null,
        "data": {
            "id": incident, "type": "incident", "number": number, "status": kind, "title": format!("[{incident}]"),
            "incident_key": incident, "created_at": now, "html_url": "https://pager.example/incidents/1",
            "service": reference(service, "service_reference"), "assignees": [], "teams": [],
            "escalation_policy": reference(&format!("P{number}"), "escalation_policy_reference"), "priority": null, "urgency": "high",
            "conference_bridge": null, "resolve_reason": null,
        },
    }})
    .to_string();
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).map(|it| it.chain_update(&body).finalize());
    let signature = format!("v1={}", mac.map(|it| hex::encode(it.into_bytes())).unwrap_or_default());
    post("/webhooks/pagerduty", &[("content-type", "application/json"), ("x-pagerduty-signature", &signature)], &body)
}

/// Incidents at a steady pace: milliseconds from the arrival of each event to the call of Slack that tells it.
async fn loudly(served: &Served, db: &PgPool, slack: &Slack, round: usize) -> Result<Vec<f64>> {
    let before = slack.calls("chat.postMessage");
    let first = round * LOUD;
    let events = (first..first + LOUD).map(|it| event(&format!("L{it}"), "triggered", &format!("S{it}"), it));
    load::open(served.signed, PACE, TIME, &Arc::new(events.collect())).await?;
    until("every incident is told", async || Ok(slack.calls("chat.postMessage") >= before + LOUD)).await?;
    let arrived: HashMap<String, DateTime<Utc>> = sqlx::query_as(
        "select subject, received_at from inbox.delivery where source = 'pagerduty' and subject like 'L%'",
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .collect();
    let calls = slack.log("chat.postMessage");
    let waits = calls.iter().skip(before).filter_map(|call| {
        let incident = call.text("text").split_once('[')?.1.split_once(']')?.0;
        Some(((call.at - *arrived.get(incident)?).num_microseconds()? as f64 / 1000.0).max(0.0))
    });
    let waits: Vec<f64> = waits.collect();
    ensure!(waits.len() >= LOUD, "{} of {LOUD} incidents were recognised", waits.len());
    Ok(waits)
}

async fn until(what: &str, is_so: impl AsyncFn() -> Result<bool>) -> Result<()> {
    let begun = Instant::now();
    while !is_so().await? {
        ensure!(begun.elapsed() < PATIENCE, "after {PATIENCE:?} it is not so that {what}");
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

fn oncall(number: usize) -> Vec<u8> {
    let body = json!({ "text": format!("oncall component:default/bench-{number}") }).to_string();
    let token = format!("Bearer {TOKEN}");
    post("/api/ask", &[("content-type", "application/json"), ("authorization", &token)], &body)
}
