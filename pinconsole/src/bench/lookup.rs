//! Looking up by name through the terminal's door, `POST /api/ask`.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;

use super::client::{Connection, post};
use super::filled::TOKEN;
use super::ground::Ground;
use super::limits::{Limits, hello_with};
use super::report::{Goal, Report};
use super::served::Served;
use super::{catalog, company, keys, load, process};

const CALLERS: usize = 64;
const TIME: Duration = Duration::from_secs(3);

pub async fn measure(ground: &Ground, rounds: u32) -> Result<Report> {
    let what = format!(
        "by name over {} entities, {} people and {} groups, POST /api/ask, {CALLERS} callers",
        catalog::ENTITIES,
        company::PEOPLE,
        company::GROUPS
    );
    let mut report = Report::new("lookup", what);
    let database = ground.loaded().await?;
    let (served, limits) = (Served::start(ground, database, None)?, Limits::start(ground, database)?);
    let asked = Arc::new(requests());
    let hello = Arc::new(vec![hello_with(&body("catalog payments-api"))]);
    check(&served, &asked).await?;
    let cold = (served.cpu()?, ground.postgres_cpu()?);
    let first = load::once(served.web, CALLERS, &asked).await?;
    let cold = ((served.cpu()? - cold.0) / first.answers(), (ground.postgres_cpu()? - cold.1) / first.answers());
    report.note("ours, each name for the first time", "a second", first.rate());
    report.note("the same, 99 of 100 within", "ms", first.quantile(0.99));
    report.note("the same, CPU per 10,000, server", "s", cold.0 * 10_000.0);
    report.note("the same, CPU per 10,000, Postgres", "s", cold.1 * 10_000.0);
    for round in 0..=rounds {
        let before = (served.cpu()?, ground.postgres_cpu()?, process::cpu(std::process::id())?);
        let ours = load::closed(served.web, CALLERS, TIME, &asked).await?;
        let used =
            (served.cpu()? - before.0, ground.postgres_cpu()? - before.1, process::cpu(std::process::id())? - before.2);
        let key = keys::rate(database, TIME).await?;
        let axum = load::closed(limits.address, CALLERS, TIME, &hello).await?;
        if round == 0 {
            continue;
        }
        report.aim("ours / the lower limit", "times", Goal::AtLeast(0.7), ours.rate() / key.min(axum.rate()));
        report.note("ours", "a second", ours.rate());
        report.note("Postgres key read", "a second", key);
        report.note("axum hello", "a second", axum.rate());
        report.note("ours, half within", "ms", ours.quantile(0.5));
        report.note("ours, 99 of 100 within", "ms", ours.quantile(0.99));
        let ten_thousands = ours.answers() / 10_000.0;
        report.note("CPU per 10,000, server", "s", used.0 / ten_thousands);
        report.note("CPU per 10,000, Postgres", "s", used.1 / ten_thousands);
        report.note("CPU per 10,000, the client that measures", "s", used.2 / ten_thousands);
        report.note("memory of the server", "MB", served.resident()?);
        report.note("memory of axum hello", "MB", limits.resident()?);
        report.note("one fdatasync", "ms", ground.fdatasync()?);
    }
    Ok(report)
}

/// Each entity, person and group once, mixed.
fn requests() -> Vec<Vec<u8>> {
    let all = catalog::ENTITIES + company::PEOPLE + company::GROUPS;
    // A step without a common divisor visits each once, far from the one before.
    (0..all).map(|it| it * 7_919 % all).map(|it| ask(&command(it))).collect()
}

fn command(number: usize) -> String {
    const PEOPLE_FROM: usize = catalog::ENTITIES;
    const GROUPS_FROM: usize = PEOPLE_FROM + company::PEOPLE;
    match number {
        GROUPS_FROM.. => format!("team {}", company::group(number - GROUPS_FROM)),
        PEOPLE_FROM.. => format!("person {}", company::person(number - PEOPLE_FROM)),
        _ => format!("catalog {}", catalog::name(number)),
    }
}

fn ask(command: &str) -> Vec<u8> {
    let bearer = format!("Bearer {TOKEN}");
    post("/api/ask", &[("authorization", &bearer), ("content-type", "application/json")], &body(command))
}

fn body(command: &str) -> String {
    json!({ "text": command }).to_string()
}

/// What is measured must be an answer, and one thing found.
async fn check(served: &Served, requests: &[Vec<u8>]) -> Result<()> {
    let mut connection = Connection::open(served.web).await?;
    for request in requests.iter().step_by(997) {
        let answer: serde_json::Value = serde_json::from_slice(connection.ask(request).await?)?;
        ensure!(answer["outcome"] == "ok" && answer["card"]["results"] == 1, "not a look-up: {answer}");
    }
    Ok(())
}
