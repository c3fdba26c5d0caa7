//! The page of an entity, asked for at a steady pace.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::client::{Connection, get};
use super::ground::Ground;
use super::limits::Limits;
use super::report::{Goal, Report};
use super::served::Served;
use super::{catalog, load};

const RATE: u32 = 200;
const TIME: Duration = Duration::from_secs(5);

pub async fn measure(ground: &Ground, rounds: u32) -> Result<Report> {
    let mut report =
        Report::new("page", format!("the page of an entity, {RATE} a second, timed from when each was due"));
    let database = ground.loaded().await?;
    let (served, limits) = (Served::start(ground, database, None)?, Limits::start(ground, database)?);
    let numbers = || (0..catalog::ENTITIES).map(|it| it * 7_919 % catalog::ENTITIES);
    let pages = Arc::new(numbers().map(|it| get(&path(it))).collect::<Vec<_>>());
    let keys = Arc::new(numbers().map(|it| get(&format!("/key/{it}"))).collect::<Vec<_>>());
    check(&served).await?;
    for round in 0..=rounds {
        let before = (served.cpu()?, ground.postgres_cpu()?);
        let ours = load::open(served.web, RATE, TIME, &pages).await?;
        let used = (served.cpu()? - before.0, ground.postgres_cpu()? - before.1);
        let axum = load::open(limits.address, RATE, TIME, &keys).await?;
        if round == 0 {
            continue;
        }
        report.aim("ours, 99 of 100 within", "ms", Goal::AtMost(5.0), ours.quantile(0.99));
        report.note("ours, half within", "ms", ours.quantile(0.5));
        report.note("axum with one key read, 99 of 100 within", "ms", axum.quantile(0.99));
        report.note("axum with one key read, half within", "ms", axum.quantile(0.5));
        report.note("ours / axum, half within", "times", ours.quantile(0.5) / axum.quantile(0.5));
        report.note("CPU per 10,000, server", "s", used.0 / ours.answers() * 10_000.0);
        report.note("CPU per 10,000, Postgres", "s", used.1 / ours.answers() * 10_000.0);
        report.note("memory of the server", "MB", served.resident()?);
        report.note("one fdatasync", "ms", ground.fdatasync()?);
    }
    Ok(report)
}

fn path(number: usize) -> String {
    let reference = catalog::reference(number);
    format!("/catalog/{}", reference.replacen(':', "/", 1))
}

async fn check(served: &Served) -> Result<()> {
    let mut connection = Connection::open(served.web).await?;
    let page = String::from_utf8_lossy(connection.ask(&get(&path(7))).await?).into_owned();
    ensure!(page.contains(&catalog::reference(7)), "not the page of an entity: {page}");
    Ok(())
}
