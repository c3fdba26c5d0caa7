//! `prs` through the terminal's door, `POST /api/ask`, of everybody in turn.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use url::Url;

use super::{CALLERS, PEOPLE};
use crate::bench::client::{Connection, post};
use crate::bench::filled::TOKEN;
use crate::bench::report::Report;
use crate::bench::served::Served;
use crate::bench::{company, keys, load};

const TIME: Duration = Duration::from_millis(2_500);
/// Everybody wrote four pull requests that are open; some review others.
const LISTED: u64 = 4;

/// Asks it by turns with a key read.
pub async fn measure(report: &mut Report, served: &Served, database: &Url) -> Result<()> {
    let asked = Arc::new((0..PEOPLE).map(prs).collect::<Vec<_>>());
    check(served, &asked).await?;
    let key = keys::rate(database, TIME).await?;
    let answered = load::closed(served.web, CALLERS, TIME, &asked).await?;
    report.note("prs, 64 callers", "a second", answered.rate());
    report.note("prs, half within", "ms", answered.quantile(0.5));
    report.note("prs, 99 of 100 within", "ms", answered.quantile(0.99));
    report.note("prs / Postgres key read", "times", answered.rate() / key);
    Ok(())
}

fn prs(number: usize) -> Vec<u8> {
    let body = json!({ "text": format!("prs {}", company::person(number)) }).to_string();
    let token = format!("Bearer {TOKEN}");
    post("/api/ask", &[("content-type", "application/json"), ("authorization", &token)], &body)
}

/// What is measured must be a list of somebody's pull requests.
async fn check(served: &Served, asked: &[Vec<u8>]) -> Result<()> {
    let mut connection = Connection::open(served.web).await?;
    for request in asked.iter().step_by(97) {
        let answer: Value = serde_json::from_slice(connection.ask(request).await?)?;
        let listed = answer["card"]["results"].as_u64().unwrap_or_default();
        let named = answer.to_string().contains("mosaic-lane/bench");
        ensure!(answer["outcome"] == "ok" && listed >= LISTED && named, "not a list of pull requests: {answer}");
    }
    Ok(())
}
