use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use chrono::{Duration, Utc};
use domain::catalog_plan::Removal;
use domain::{PgPool, pool};
use integrations::files::{self, Vanished};
use integrations::ldap::{Directory, LdapDirectory};
use scheduler::jobs::{Mode, Report, catalog, ldap};

use crate::app;
use crate::commands::bar::Bar;
use crate::commands::runtime::{block_on, environment, exit};
use crate::config::Config;
use crate::environment::Environment;
use crate::logging::say;

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
        let config = Config::read(config)?;
        let report = match self {
            Self::Ldap { dry_run, accept } => block_on(read_directory(&config, &mode(dry_run, accept)))?,
            Self::Catalog { dry_run } => block_on(read_catalog(&config, &mode(dry_run, false)))?,
        };
        say(report.plan.trim_end());
        say(&report.summary);
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

/// Who accepts a plan at the terminal: the user of the operating system.
fn operator() -> String {
    let uid = nix::unistd::getuid();
    let name = nix::unistd::User::from_uid(uid).ok().flatten().map(|it| it.name);
    format!("{} at the terminal", name.unwrap_or_else(|| format!("user {uid}")))
}

async fn read_directory(config: &Config, mode: &Mode) -> Result<Report> {
    let environment = environment()?;
    let Some(address) = environment.ldap.clone() else { bail!("LDAP_URL is not set: there is no directory to read") };
    let db = database(config, &environment).await?;
    let directory: Box<dyn Directory> = Box::new(LdapDirectory::new(&config.ldap, address)?);
    let sync = ldap::Sync { directory: &*directory, config: &config.ldap, brake: config.brake };
    let bar = Bar::new();
    let report = sync.run(&db, mode, &|it| bar.hear(it)).await;
    bar.finish();
    report
}

/// The database, once it is known to answer: a source is not read for nothing.
async fn database(config: &Config, environment: &Environment) -> Result<PgPool> {
    let db = app::database(config, environment)?;
    pool::ready(&db).await.map_err(anyhow::Error::msg)?;
    Ok(db)
}

async fn read_catalog(config: &Config, mode: &Mode) -> Result<Report> {
    if config.catalog.paths.is_empty() {
        bail!("catalog.paths is empty: there is no catalog to read");
    }
    let db = database(config, &environment()?).await?;
    let started = Utc::now();
    let (files, folder) = (config.catalog.clone(), config.folder.clone());
    let reading = tokio::task::spawn_blocking(move || files::read(&files, &folder)).await?;
    catalog::sync(&db, mode, reading, removal(&config.catalog), started).await
}

/// When what vanished is removed, as configured.
pub fn removal(config: &files::Config) -> Removal {
    let days = Duration::days(i64::from(config.remove_after_days));
    match config.vanished {
        Vanished::Keep => Removal { before: None },
        Vanished::Remove => Removal { before: Some(Utc::now() - days) },
    }
}
