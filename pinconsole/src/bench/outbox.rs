//! Messages from the row to the call, to a fake Slack without limits, in this process.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use cards::Card;
use chrono::{DateTime, Utc};
use console::notify::{self, Destination, Lane, Message, Parts, Sender, SharedPace};
use console::{Administrators, Ctx, usage};
use domain::{PgPool, pool};
use integrations::fake::World;
use integrations::fake::slack::{Slack, SlackChannel};
use integrations::slack::Client;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::figures::quantile;
use super::ground::Ground;
use super::process;
use super::report::{Goal, Report};

/// Channels, each of which takes one message a second.
const CHANNELS: usize = 1_000;
/// Messages a second when the time to the call is measured.
const PACE: u64 = 200;
const TIME: u64 = 5;
/// How long everything may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn measure(ground: &Ground, rounds: u32) -> Result<Report> {
    let mut report =
        Report::new("outbox", format!("messages to {CHANNELS} channels, through the outbox to a fake Slack"));
    let database = ground.database("outbox").await?;
    let db = pool::pool(database.as_str(), 10)?;
    let world = World::start().await?.tolerant();
    let slack = world.slack();
    (0..CHANNELS).for_each(|it| slack.channel(SlackChannel::new(channel(it), format!("c{it}"))));
    let stop = CancellationToken::new();
    let running = tokio::spawn(sender(&db, &slack)?.run(stop.clone()));
    for round in 0..rounds {
        let before = (process::cpu(std::process::id())?, ground.postgres_cpu()?);
        report.note("at once", "a second", at_once(&db, &slack, round).await?);
        let used = (process::cpu(std::process::id())? - before.0, ground.postgres_cpu()? - before.1);
        let ten_thousands = CHANNELS as f64 / 10_000.0;
        report.note("CPU per 10,000, sender and fake Slack", "s", used.0 / ten_thousands);
        report.note("CPU per 10,000, Postgres", "s", used.1 / ten_thousands);
        // Every channel rests a second.
        sleep(Duration::from_secs(2)).await;
        let waits = steadily(&db, &slack, round).await?;
        report.note("row to call under 200 a second, half within", "ms", quantile(&waits, 0.5));
        report.aim(
            "row to call under 200 a second, 99 of 100 within",
            "ms",
            Goal::AtMost(250.0),
            quantile(&waits, 0.99),
        );
        report.note("one fdatasync", "ms", ground.fdatasync()?);
        sleep(Duration::from_secs(2)).await;
    }
    stop.cancel();
    running.await?;
    db.close().await;
    Ok(report)
}

fn sender(db: &PgPool, slack: &Slack) -> Result<Sender> {
    let client = Client::new(slack.address())?.paced(Arc::new(SharedPace(db.clone())));
    let ctx = Ctx::new(db.clone(), usage::recorder().0);
    let public = Url::parse("https://pin.example/")?;
    Ok(Sender::new(Parts { ctx, slack: client, public, administrators: Administrators::default() }))
}

fn channel(number: usize) -> String {
    format!("C{number}")
}

fn message(key: &str, number: usize) -> Message {
    let card = Card::new(key).text("Something happened.").fact("Where", "here");
    Message::new(key, Lane::Page, Destination::SlackChannel(channel(number % CHANNELS)), card)
}

/// One message to each channel, all in one transaction: how many a second arrive.
async fn at_once(db: &PgPool, slack: &Slack, round: u32) -> Result<f64> {
    let before = slack.calls("chat.postMessage");
    let mut transaction = db.begin().await?;
    for number in 0..CHANNELS {
        notify::put(&mut *transaction, &message(&format!("once {round} {number}"), number)).await?;
    }
    transaction.commit().await?;
    notify::wake();
    let begun = Instant::now();
    arrived(slack, before + CHANNELS).await?;
    Ok(CHANNELS as f64 / begun.elapsed().as_secs_f64())
}

/// A steady stream, each message committed by itself: milliseconds from each commit to its call.
async fn steadily(db: &PgPool, slack: &Slack, round: u32) -> Result<Vec<f64>> {
    let before = slack.calls("chat.postMessage");
    let mut ticks = interval(Duration::from_micros(1_000_000 / PACE));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut committed: HashMap<String, DateTime<Utc>> = HashMap::new();
    let count = usize::try_from(PACE * TIME)?;
    for number in 0..count {
        ticks.tick().await;
        let key = format!("steady {round} {number}");
        notify::put(db, &message(&key, number)).await?;
        committed.insert(key, Utc::now());
        notify::wake();
    }
    arrived(slack, before + count).await?;
    let calls = slack.log("chat.postMessage");
    let waits = calls.iter().filter_map(|call| {
        let at = committed.get(call.text("text").lines().next()?)?;
        Some(((call.at - *at).num_microseconds()? as f64 / 1000.0).max(0.0))
    });
    let waits: Vec<f64> = waits.collect();
    ensure!(waits.len() == count, "{} of {count} messages were recognised", waits.len());
    Ok(waits)
}

async fn arrived(slack: &Slack, count: usize) -> Result<()> {
    let begun = Instant::now();
    while slack.calls("chat.postMessage") < count {
        ensure!(begun.elapsed() < PATIENCE, "only {} of {count} messages arrived", slack.calls("chat.postMessage"));
        sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}
