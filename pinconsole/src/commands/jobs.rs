use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use console::jobs;
use domain::pool;

use crate::app;
use crate::commands::runtime::{block_on, environment};
use crate::config::Config;
use crate::drawing;
use crate::logging::say;

/// The arguments of `jobs`.
#[derive(clap::Args)]
pub struct Jobs {
    /// Print JSON, for scripts
    #[arg(long)]
    json: bool,
}

impl Jobs {
    /// Prints how the jobs fare.
    pub fn run(self, config: Option<&Path>) -> Result<ExitCode> {
        let config = Config::read(config)?;
        let environment = environment()?;
        let view = block_on(async {
            let db = app::database(&config, &environment)?;
            pool::ready(&db).await.map_err(anyhow::Error::msg)?;
            Ok(jobs::load(&db).await?)
        })?;
        match self.json {
            true => say(serde_json::to_string_pretty(&view)?)?,
            false => say(drawing::drawn(&jobs::card(&view), &environment.public_url).trim_end())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
