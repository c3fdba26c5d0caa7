use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use chrono::Utc;
use console::notifications::replay;
use domain::person::Person;
use domain::pool;

use crate::app;
use crate::commands::runtime::{block_on, environment};
use crate::config::Config;
use crate::logging::say;

/// What can be asked about how people are told.
#[derive(clap::Subcommand)]
pub enum Notify {
    /// Show what people would have been sent by what is chosen now; nothing is sent
    Replay {
        /// Look back over the last seven days
        #[arg(long, required = true)]
        last_week: bool,
        /// Of this person alone, by login
        #[arg(long)]
        person: Option<String>,
    },
}

impl Notify {
    /// Looks.
    pub fn run(self, config: Option<&Path>) -> Result<ExitCode> {
        let Self::Replay { person, .. } = self;
        let config = Config::read(config)?;
        let defaults = config.notifications.defaults().map_err(anyhow::Error::msg)?;
        let environment = environment()?;
        block_on(async {
            let db = app::database(&config, &environment)?;
            pool::ready(&db).await.map_err(anyhow::Error::msg)?;
            let person = match person {
                None => None,
                Some(name) => match Person::named(&db, &name).await? {
                    Some(it) => Some(it),
                    None => bail!("nobody in the directory has the login {name}"),
                },
            };
            let (ctx, _) = app::context(db);
            let ctx = ctx.assuming(defaults);
            let sums = match replay::weigh(&ctx, person.as_ref(), Utc::now()).await {
                Ok(sums) => sums,
                Err(console::Failure::Internal(error)) => return Err(error),
                Err(console::Failure::User(card)) => bail!("{}", card.title),
            };
            say(crate::drawing::drawn(&replay::card(&sums, person.is_none()), &environment.public_url))?;
            Ok(ExitCode::SUCCESS)
        })
    }
}
