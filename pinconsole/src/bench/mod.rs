//! Measuring: ours and the limit of the machine by turns, in one run, on a real and durable Postgres of its own.

mod catalog;
mod client;
mod command;
mod commits;
mod company;
mod copy;
mod disk;
mod events;
mod figures;
mod filled;
mod flood;
mod folder;
mod ground;
mod idle;
mod incidents;
mod ingest;
mod keys;
pub mod limits;
mod load;
mod lookup;
mod outbox;
mod page;
mod process;
mod pulls;
mod report;
mod search;
mod served;
mod settled;
mod slapd;
mod start;
mod sync;

use anyhow::{Context, Result};

use crate::commands::bench::{Bench, Which};
use ground::Ground;
use report::Report;

/// Runs the chosen benchmarks, one after the other, telling each report as soon as it is there.
pub async fn run(options: &Bench, tell: impl Fn(&Report) -> Result<()>) -> Result<()> {
    let ground = Ground::prepare().await?;
    let measured = async {
        for which in options.which.each() {
            tell(&measure(which, &ground, options).await.with_context(|| format!("{which:?} could not be measured"))?)?;
        }
        anyhow::Ok(())
    };
    // Whoever is impatient still gets the servers ended and the folder removed.
    tokio::select! {
        result = measured => result?,
        signal = tokio::signal::ctrl_c() => signal?,
    }
    Ok(())
}

async fn measure(which: Which, ground: &Ground, options: &Bench) -> Result<Report> {
    ground.durable().await?;
    let rounds = options.rounds;
    match which {
        Which::Sync => sync::measure(ground, rounds).await,
        Which::Lookup => lookup::measure(ground, rounds).await,
        Which::Search => search::measure(ground, rounds).await,
        Which::Command => command::measure(ground, rounds).await,
        Which::Ingest => ingest::measure(ground, rounds, options.rows).await,
        Which::Outbox => outbox::measure(ground, rounds).await,
        Which::Page => page::measure(ground, rounds).await,
        Which::Incidents => incidents::measure(ground, rounds).await,
        Which::Pulls => pulls::measure(ground, rounds).await,
        Which::Flood => flood::measure(ground, rounds).await,
        Which::Start => start::measure(ground, rounds).await,
        Which::Idle => idle::measure(ground, options.seconds).await,
        Which::All | Which::Limits => anyhow::bail!("that is no benchmark of its own"),
    }
}
