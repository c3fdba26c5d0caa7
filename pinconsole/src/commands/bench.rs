use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;

use crate::bench;
use crate::commands::runtime::block_on;
use crate::logging::say;

/// The arguments of `bench`.
#[derive(clap::Args)]
pub struct Bench {
    /// What to measure
    pub which: Which,
    /// How often each figure is taken
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rounds: u32,
    /// How long `idle` looks on
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub seconds: u64,
    /// How many rows there are before `ingest` begins
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100_000_000))]
    pub rows: u32,
    /// One JSON object a benchmark, instead of tables
    #[arg(long)]
    json: bool,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// Everything below, one after the other
    All,
    /// Reading a directory of 9,000 people and 2,200 groups: first, unchanged, with 56 changes
    Sync,
    /// Looking up by name, 64 callers
    Lookup,
    /// Searching by words and with typing errors
    Search,
    /// A signed slash command with its look-up, 64 callers
    Command,
    /// Signed events, each acknowledged after its commit: 1, 8, 64 and 256 callers
    Ingest,
    /// The page of an entity, 200 a second
    Page,
    /// Messages to people, from the row to the call: all at once, and 200 a second
    Outbox,
    /// PagerDuty's events from the webhook to Slack, and who is on call
    Incidents,
    /// GitHub's events until they are applied and people are told, `prs`, and how often GitHub is called
    Pulls,
    /// Memory under bodies that are never finished
    Flood,
    /// From start to ready
    Start,
    /// Doing nothing
    Idle,
    /// The throw-away server beside which we are measured; started by the others
    #[value(hide = true)]
    Limits,
}

impl Which {
    /// The benchmarks that it stands for.
    pub fn each(self) -> Vec<Self> {
        match self {
            Self::All => {
                use Which::{
                    Command, Flood, Idle, Incidents, Ingest, Lookup, Outbox, Page, Pulls, Search, Start, Sync,
                };
                vec![Sync, Lookup, Search, Command, Ingest, Page, Outbox, Incidents, Pulls, Flood, Start, Idle]
            }
            one => vec![one],
        }
    }
}

impl Bench {
    /// Measures.
    pub fn run(self) -> Result<ExitCode> {
        if self.which == Which::Limits {
            block_on(bench::limits::serve())?;
            return Ok(ExitCode::SUCCESS);
        }
        block_on(bench::run(&self, |report| {
            say(if self.json { serde_json::to_string(report)? } else { report.to_string() })
        }))?;
        Ok(ExitCode::SUCCESS)
    }
}
