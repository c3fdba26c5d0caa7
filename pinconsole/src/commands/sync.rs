use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use chrono::Utc;
use domain::audit::{self, Outcome, Receipt};
use domain::run::Outcome as Ending;
use domain::tick::{Busy, Job, Tick};
use domain::{PgPool, pool};
use scheduler::Here;
use scheduler::jobs::{Directory, Mode, Report, catalog, ldap};
use serde_json::json;

use super::operator::{entry, operator};
use crate::app;
use crate::commands::bar::Bar;
use crate::commands::runtime::{block_on, environment, exit};
use crate::config::Config;
use crate::environment::Environment;
use crate::jobs;
use crate::logging::{complain, say};

/// The sources that can be read now.
#[derive(clap::Subcommand)]
pub enum Sync {
    /// Read people and groups from the directory
    Ldap {
        /// Print the plan; write nothing
        #[arg(long)]
        dry_run: bool,
        /// Apply the plan that was refused last, if it is still exactly that plan
        #[arg(long, conflicts_with = "dry_run")]
        accept: bool,
    },
    /// Read the catalog's files
    Catalog {
        /// Print the plan; write nothing
        #[arg(long)]
        dry_run: bool,
    },
}

impl Sync {
    /// Reads the source and writes what changed.
    pub fn run(self, config: Option<&Path>) -> Result<ExitCode> {
        // A whole directory is held for a moment: asking for its room page by page takes a tenth of the time, which large pages spare.
        #[cfg(target_os = "linux")]
        let _ = nix::sys::prctl::set_thp_disable(false);
        let config = Config::read(config)?;
        let report = match self {
            Self::Ldap { dry_run, accept } => block_on(read_directory(&config, &mode(dry_run, accept)))?,
            Self::Catalog { dry_run } => block_on(read_catalog(&config, &mode(dry_run, false)))?,
        };
        say(report.plan.trim_end())?;
        say(&report.summary)?;
        Ok(exit(report.outcome.good()))
    }
}

fn mode(dry_run: bool, accept: bool) -> Mode {
    match (dry_run, accept) {
        (true, _) => Mode::DryRun,
        (false, true) => Mode::Accept(operator()),
        (false, false) => Mode::Apply,
    }
}

async fn read_directory(config: &Config, mode: &Mode) -> Result<Report> {
    let environment = environment()?;
    let Some(directory) = jobs::directory(config, &environment)? else {
        bail!("LDAP_URL is not set: there is no directory to read")
    };
    let db = database(config, &environment).await?;
    let read = async |tick: Option<&Tick>| {
        let Directory { source, config, brake } = &directory;
        let sync = ldap::Sync { directory: &**source, config, brake: *brake, tick };
        let bar = Bar::new();
        let report = sync.run(&db, mode, &|it| bar.hear(it)).await;
        bar.finish();
        report
    };
    let receipt = accepting(&db, mode).await?;
    let report = alone(&db, Job::Ldap, mode, read).await;
    if let Some(receipt) = receipt {
        accepted(&db, receipt, &report).await?;
    }
    report
}

/// Reads a source while no replica does; planning alone disturbs nobody.
async fn alone(
    db: &PgPool,
    job: Job,
    mode: &Mode,
    read: impl AsyncFnOnce(Option<&Tick>) -> Result<Report>,
) -> Result<Report> {
    if *mode == Mode::DryRun {
        return read(None).await;
    }
    let (operator, holder) = (operator(), jobs::holder());
    let here = Here { db, job, asked_by: Some(&operator), holder: &holder };
    let waits = |busy: &Busy| {
        let since = busy.since.format("%H:%M:%S");
        complain(&anyhow::anyhow!("{} has been reading since {since} UTC; waiting until it is done …", busy.holder));
    };
    here.run(waits, async |tick| read(Some(tick)).await).await
}

/// Writes down, before anything is read, that the operator accepts what the sync would remove.
async fn accepting(db: &PgPool, mode: &Mode) -> Result<Option<Receipt>> {
    match mode {
        Mode::Accept(_) => Ok(Some(audit::intend(db, &entry("accept-sync", "sync:ldap", json!({}))).await?)),
        Mode::Apply | Mode::DryRun => Ok(None),
    }
}

/// Writes down how that ended.
async fn accepted(db: &PgPool, receipt: Receipt, report: &Result<Report>) -> Result<()> {
    let (outcome, detail) = match report {
        Ok(report) => (ended(report), json!({ "summary": report.summary, "changes": report.changes })),
        Err(_) => (Outcome::Failed, json!({})),
    };
    audit::outcome(&mut *db.acquire().await?, receipt, outcome, detail).await?;
    Ok(())
}

fn ended(report: &Report) -> Outcome {
    match report.outcome {
        Ending::Applied | Ending::Partial | Ending::Unchanged => Outcome::Done,
        Ending::Refused => Outcome::Refused,
        Ending::Failed => Outcome::Failed,
    }
}

/// The database, once it is known to answer: a source is not read for nothing.
async fn database(config: &Config, environment: &Environment) -> Result<PgPool> {
    let db = app::database(config, environment)?;
    pool::ready(&db).await.map_err(anyhow::Error::msg)?;
    Ok(db)
}

async fn read_catalog(config: &Config, mode: &Mode) -> Result<Report> {
    let Some(files) = jobs::files(config) else { bail!("catalog.paths is empty: there is no catalog to read") };
    let db = database(config, &environment()?).await?;
    let read = async |tick: Option<&Tick>| {
        let started = tick.map_or_else(Utc::now, |it| it.started_at);
        let (reads, removal) = (files.read.clone(), files.removal());
        let reading = tokio::task::spawn_blocking(move || reads()).await?;
        catalog::Sync { removal, started, tick }.write(&db, mode, reading).await
    };
    alone(&db, Job::Catalog, mode, read).await
}
