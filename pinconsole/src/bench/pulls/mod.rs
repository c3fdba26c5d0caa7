//! Pull requests of a company of 700 people: GitHub's events until they are applied and people are told, `prs`, and how often GitHub is
//! called.

mod calls;
mod events;
mod fill;
mod notices;
mod played;
mod questions;
mod storm;

use anyhow::Result;
use domain::pool;
use integrations::fake::World;

use super::ground::Ground;
use super::report::Report;
use super::served::Served;
use storm::Storm;

const CALLERS: usize = 64;
const PEOPLE: usize = 700;
const REPOSITORIES: usize = 500;
const PULLS: usize = 3_000;

pub async fn measure(ground: &Ground, rounds: u32) -> Result<Report> {
    let what = format!(
        "GitHub's events from the webhook to Slack, prs, and calls to GitHub: {PEOPLE} people, {REPOSITORIES} repositories, {PULLS} open"
    );
    let mut report = Report::new("pulls", what);
    let database = ground.loaded().await?;
    let db = pool::pool(database.as_str(), 2)?;
    fill::fill(&db).await?;
    let world = World::start().await?.tolerant();
    notices::workspace(&world.slack());
    let served = Served::start(ground, database, Some(&world))?;
    let storm = Storm { ground, db: &db, served: &served, slack: world.slack() };
    for round in 0..usize::try_from(rounds)? {
        storm.at_once(&mut report, round).await?;
        storm.steadily(&mut report, round).await?;
        questions::measure(&mut report, &served, database).await?;
        report.note("one fdatasync", "ms", ground.fdatasync()?);
    }
    drop(served);
    db.close().await;
    calls::measure(ground, rounds, &mut report).await?;
    Ok(report)
}
