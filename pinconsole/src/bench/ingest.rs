//! Signed events, each acknowledged after its commit, beside what Postgres can commit at all.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use chrono::Utc;
use domain::delivery::{self, Source};
use domain::pool;
use tokio::task::JoinSet;
use url::Url;

use super::client::Connection;
use super::events::{self, Event};
use super::figures::quantile;
use super::ground::Ground;
use super::report::{Goal, Report};
use super::served::Served;
use super::settled::settled;
use super::{commits, process};

const TIME: Duration = Duration::from_secs(3);

/// The callers of the goals for throughput and CPU.
const MANY: usize = 64;

const FILL: &str = "with made as (
        select gen_random_uuid() as id, now() - n * interval '10 ms' as at from generate_series(1, $1) n
    ), stored as (
        insert into inbox.delivery (id, source, external_id, event, received_at, state, content_type, size)
        select id, 'github', gen_random_uuid()::text, 'push', at, 'applied', 'json', 2 from made
    )
    insert into inbox.body (delivery_id, received_at, body) select id, at, '{}' from made";
const FILL_BARE: &str = "insert into public.bare
    select 'github', gen_random_uuid()::text, now(), '{}' from generate_series(1, $1)";
const STORED: &str =
    "select count(*) from inbox.delivery d join inbox.body b on b.delivery_id = d.id where event = 'pull_request'";

pub async fn measure(ground: &Ground, rounds: u32, rows: u32) -> Result<Report> {
    let what = format!("signed events of 8 to 24 KB, acknowledged after the commit, {rows} rows in the tables before");
    let mut report = Report::new("ingest", what);
    let database = ground.database("ingest").await?;
    commits::prepare(&database).await?;
    fill(&database, rows).await?;
    let served = Served::start(ground, &database, None)?;
    let events = Arc::new(events::all());
    let db = pool::pool(database.as_str(), 1)?;
    let mut acknowledged = 0;
    for round in 0..=rounds {
        // What waits to be applied after a crowd came would otherwise slow down whatever is measured next, the limits too.
        let calm = async || settled(&db, Source::Github).await;
        let one = commits::run(&database, 1, 1, TIME, &events).await?;
        let alone = send(served.signed, 1, &events).await?;
        calm().await?;
        let before = ground.postgres_cpu()?;
        let batch = commits::run(&database, 4, 16, TIME, &events).await?;
        let batch_cpu = ground.postgres_cpu()? - before;
        let cpu = || anyhow::Ok((served.cpu()?, ground.postgres_cpu()?, process::cpu(std::process::id())?));
        let before = cpu()?;
        let many = send(served.signed, MANY, &events).await?;
        let after = cpu()?;
        let used = (after.0 - before.0, after.1 - before.1, after.2 - before.2);
        calm().await?;
        let applied = cpu().map(|it| it.0 - before.0 + it.1 - before.1)?;
        let some = send(served.signed, 8, &events).await?;
        calm().await?;
        let crowd = send(served.signed, 256, &events).await?;
        calm().await?;
        acknowledged += [&alone, &many, &some, &crowd].iter().map(|it| it.took.len()).sum::<usize>();
        if round == 0 {
            continue;
        }
        report.aim(
            "64 connections / 16 rows a commit by 4 clients",
            "times",
            Goal::AtLeast(0.6),
            many.rate() / batch.rate,
        );
        for (name, sent) in
            [("1 connection", &alone), ("8 connections", &some), ("64 connections", &many), ("256 connections", &crowd)]
        {
            report.note(name, "a second", sent.rate());
            report.note(&format!("{name}, half within"), "ms", quantile(&sent.took, 0.5));
            report.note(&format!("{name}, 99 of 100 within"), "ms", quantile(&sent.took, 0.99));
        }
        report.note("Postgres, 16 rows a commit, 4 clients", "a second", batch.rate);
        let ten_thousands = many.took.len() as f64 / 10_000.0;
        report.aim("CPU per 10,000, server and Postgres", "s", Goal::AtMost(1.6), (used.0 + used.1) / ten_thousands);
        report.aim("CPU per 10,000, applied as well", "s", Goal::AtMost(3.0), applied / ten_thousands);
        report.note("CPU per 10,000, server", "s", used.0 / ten_thousands);
        report.note("CPU per 10,000, Postgres", "s", used.1 / ten_thousands);
        report.note("CPU per 10,000, the client that measures", "s", used.2 / ten_thousands);
        report.note("CPU per 10,000, Postgres with bare rows", "s", batch_cpu / batch.rows * 10_000.0);
        report.aim("1 connection, mean / one row a commit", "times", Goal::AtMost(1.15), alone.mean() / one.mean);
        report.note("1 connection, mean", "ms", alone.mean());
        report.note("Postgres, one row a commit, mean", "ms", one.mean);
        report.note("memory of the server", "MB", served.resident()?);
        report.note("one fdatasync", "ms", ground.fdatasync()?);
    }
    drop(served);
    let stored: i64 = sqlx::query_scalar(STORED).fetch_one(&db).await?;
    ensure!(stored == acknowledged as i64, "{acknowledged} were acknowledged, {stored} are stored");
    db.close().await;
    Ok(report)
}

/// Rows that were there before, so that indexes are as deep as after a while.
async fn fill(database: &Url, rows: u32) -> Result<()> {
    let db = pool::pool(database.as_str(), 1)?;
    delivery::make_room(&db, Utc::now()).await?;
    sqlx::query("set statement_timeout = 0").execute(&db).await?;
    for fill in [FILL, FILL_BARE] {
        sqlx::query(fill).bind(i64::from(rows)).execute(&db).await?;
    }
    sqlx::query("vacuum analyze").execute(&db).await?;
    sqlx::query("checkpoint").execute(&db).await?;
    db.close().await;
    Ok(())
}

struct Sent {
    seconds: f64,
    took: Vec<f64>,
}

impl Sent {
    fn rate(&self) -> f64 {
        self.took.len() as f64 / self.seconds
    }

    fn mean(&self) -> f64 {
        self.took.iter().sum::<f64>() / self.took.len() as f64
    }
}

/// So many callers, each sending another event as soon as the last one was acknowledged.
async fn send(address: SocketAddr, callers: usize, events: &Arc<Vec<Event>>) -> Result<Sent> {
    let mut connections = Vec::new();
    for _ in 0..callers {
        connections.push(Connection::open(address).await?);
    }
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for (caller, mut connection) in connections.into_iter().enumerate() {
        let events = events.clone();
        running.spawn(async move {
            let (mut took, mut request, mut next) = (Vec::new(), Vec::new(), caller * 13);
            while begun.elapsed() < TIME {
                events[next % events.len()].write(&mut request);
                let asked = Instant::now();
                connection.ask(&request).await?;
                took.push(asked.elapsed().as_secs_f64() * 1000.0);
                next += 1;
            }
            anyhow::Ok(took)
        });
    }
    let mut took = Vec::new();
    while let Some(joined) = running.join_next().await {
        took.extend(joined??);
    }
    Ok(Sent { seconds: begun.elapsed().as_secs_f64(), took })
}
