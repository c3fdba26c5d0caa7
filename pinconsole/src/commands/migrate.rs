use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::app;
use crate::commands::runtime::{block_on, environment};
use crate::config::Config;
use crate::logging::say;

/// Brings the database to the shape that this program needs.
pub fn run(config: Option<&Path>) -> Result<ExitCode> {
    let config = Config::read(config)?;
    let environment = environment()?;
    block_on(async {
        let db = app::database(&config, &environment)?;
        domain::pool::probe(&db).await.map_err(anyhow::Error::msg)?;
        domain::MIGRATOR.run(&db).await.context("the database could not be migrated")?;
        let newest = domain::MIGRATOR.iter().map(|it| it.version).max().unwrap_or_default();
        say(format!("The database is at version {newest}."))?;
        Ok(ExitCode::SUCCESS)
    })
}
