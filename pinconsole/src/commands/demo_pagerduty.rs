//! The demo's PagerDuty: the company's people on call, and incidents that whoever looks on may play.

use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use console::notify::Destination;
use domain::PgPool;
use domain::delivery::{Source, State, counts};
use domain::incidents::{Part, Reading};
use domain::tick::{Job, Tick};
use integrations::fake::World;
use integrations::fake::chat::{Stage, Staged};
use integrations::fake::pagerduty::{Company, Shift};
use integrations::pagerduty::Client;
use integrations::pagerduty::Urgency::{High, Low};
use scheduler::jobs::{Feed, PagerDuty};
use secrecy::SecretString;
use url::Url;
use uuid::Uuid;

/// How long the start waits for what PagerDuty knows; a slower machine has it a little later.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who of the chat is on call all the while, with the schedule and the override's id: somebody must be there to answer.
const PRESENT: [(&str, &str, &str); 2] = [("PNQGRFR", "QDEMO0ADA", "PPSPQ27"), ("P1KIIR4", "QDEMO0MEI", "PW3T7ME")];

/// For how long.
const STAY: TimeDelta = TimeDelta::days(7);

/// Lets PagerDuty have the company and send its events here; the secret that signs them.
pub(super) fn open(world: &World, company: &str, signed: &Url) -> Result<SecretString> {
    let (pagerduty, now) = (world.pagerduty(), Utc::now());
    pagerduty.after_others(now);
    pagerduty.load(Company::parse(company)?);
    for (schedule, id, user) in PRESENT {
        let start = hour(now);
        pagerduty.stand_in(schedule, id, Shift { start, end: start + STAY, user: user.into() });
    }
    let secret = SecretString::from(Uuid::new_v4().simple().to_string());
    pagerduty.receiver(Url::parse(&events(signed))?, vec![secret.clone()]);
    Ok(secret)
}

fn hour(at: DateTime<Utc>) -> DateTime<Utc> {
    at - TimeDelta::seconds(at.timestamp().rem_euclid(3600))
        - TimeDelta::nanoseconds(at.timestamp_subsec_nanos().into())
}

fn events(signed: &Url) -> String {
    format!("{}webhooks/pagerduty", signed.as_str())
}

/// The jobs that read it and listen to it.
pub(super) fn jobs(world: &World, signed: &Url, channel: Option<Destination>) -> Result<PagerDuty> {
    let feed = Feed { url: events(signed), patience: Feed::PATIENCE };
    Ok(PagerDuty { client: Client::new(world.pagerduty().address())?, channel, feed: Some(feed) })
}

/// Has it read as soon as jobs run.
pub(super) async fn ask(db: &PgPool) -> Result<()> {
    let mut connection = db.acquire().await?;
    Tick::ask(&mut connection, Job::Pagerduty, &serde_json::Value::Null, "the demo").await?;
    Ok(())
}

/// Waits until everything that it knows since this moment is known here, too.
pub(super) async fn known(db: &PgPool, since: DateTime<Utc>) {
    let known = async {
        while !is_known(db, since).await.unwrap_or_default() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    // Without it, the first answers say that it is not read yet.
    let _ = tokio::time::timeout(PATIENCE, known).await;
}

async fn is_known(db: &PgPool, since: DateTime<Utc>) -> Result<bool> {
    for part in Part::READ {
        let read = Reading::of(db, part).await?.and_then(|it| it.read_at);
        if read.is_none_or(|it| it < since) {
            return Ok(false);
        }
    }
    let (source, state) = (Source::Pagerduty.as_str(), State::Pending.as_str());
    Ok(!counts(db, since).await?.iter().any(|it| it.source == source && it.state == state))
}

/// How long the end waits for the last events.
const LAST_EVENTS: Duration = Duration::from_secs(3);

/// Leaves no incident open: the data stays, but the next start has a PagerDuty that knows none of them.
pub(super) async fn close(world: &World) {
    let pagerduty = world.pagerduty();
    pagerduty.well_again();
    pagerduty.lose_webhooks(false);
    let _ = tokio::time::timeout(LAST_EVENTS, pagerduty.end()).await;
}

/// What can be played.
pub(super) fn stage(world: &World, players: Vec<String>) -> Result<Stage> {
    let all = [
        ("PMM6KG3", "Card authorisations fail for one buyer in three", High),
        ("PEMA43J", "The ledger is four minutes behind", High),
        ("PDL37UU", "Payouts wait longer than usual", Low),
        ("PEP4LCL", "Searches take longer than two seconds", High),
    ];
    let staged = all.map(|(id, title, urgency)| {
        let service = world.pagerduty().service_of(id).with_context(|| format!("the company has no service {id}"))?;
        Ok(Staged { service: id, name: service.name, title, urgency })
    });
    Ok(Stage { incidents: staged.into_iter().collect::<Result<_>>()?, room: Some("payments".into()), players })
}
