use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use clap::ValueEnum;
use console::inbox;
use domain::delivery::{self, Again, Delivery, Filter};
use domain::{PgPool, pool};

use super::inbox_again::{moment, replay, retry};
use crate::app;
use crate::commands::runtime::{block_on, environment};
use crate::config::Config;
use crate::environment::Environment;
use crate::logging::say;
use crate::pretty;

/// What there is to see of events, and to do about them.
#[derive(clap::Subcommand)]
pub enum Inbox {
    /// The newest events
    List {
        /// Only those in this state
        #[arg(long)]
        state: Option<State>,
        /// Only those of this sender
        #[arg(long)]
        source: Option<Source>,
        /// How many
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
        /// One JSON object a line, for scripts
        #[arg(long)]
        json: bool,
    },
    /// One event, by its sender's id or ours
    Show {
        /// The id
        id: String,
        /// Its body too, as it was signed, laid out for reading
        #[arg(long)]
        body: bool,
    },
    /// Try events again that were set aside or not understood
    Retry {
        /// The id
        #[arg(required_unless_present = "all_dead", conflicts_with = "all_dead")]
        id: Option<String>,
        /// All of them
        #[arg(long)]
        all_dead: bool,
    },
    /// Apply events once more, whatever came of them: the stored bytes are read again, what is newer stays, nothing is sent twice
    Replay {
        /// The id
        #[arg(required_unless_present = "since", conflicts_with_all = ["since", "until", "source"])]
        id: Option<String>,
        /// Those that came since then: 2026-01-31T09:30:00Z, or a day
        #[arg(long, value_parser = moment)]
        since: Option<DateTime<Utc>>,
        /// Only those that came before then; left out, until now
        #[arg(long, value_parser = moment, requires = "since")]
        until: Option<DateTime<Utc>>,
        /// Only those of this sender
        #[arg(long, requires = "since")]
        source: Option<Source>,
    },
}

/// How far an event has come.
#[derive(Clone, Copy, ValueEnum)]
pub enum State {
    /// It waits to be applied
    Pending,
    /// What it says is known
    Applied,
    /// It says nothing that we keep
    Ignored,
    /// It could not be understood
    Unparsed,
    /// Applying it failed too often
    Dead,
}

/// Who sends us events.
#[derive(Clone, Copy, ValueEnum)]
pub enum Source {
    /// GitHub
    Github,
    /// PagerDuty
    Pagerduty,
}

impl From<State> for delivery::State {
    fn from(state: State) -> Self {
        match state {
            State::Pending => Self::Pending,
            State::Applied => Self::Applied,
            State::Ignored => Self::Ignored,
            State::Unparsed => Self::Unparsed,
            State::Dead => Self::Dead,
        }
    }
}

impl From<Source> for delivery::Source {
    fn from(source: Source) -> Self {
        match source {
            Source::Github => Self::Github,
            Source::Pagerduty => Self::Pagerduty,
        }
    }
}

impl Inbox {
    /// Shows events, or lets them be applied again.
    pub fn run(self, config: Option<&Path>) -> Result<ExitCode> {
        let (config, environment) = (Config::read(config)?, environment()?);
        block_on(async {
            let db = app::database(&config, &environment)?;
            pool::ready(&db).await.map_err(anyhow::Error::msg)?;
            match self {
                Self::List { state, source, limit, json } => {
                    let filter = Filter { state: state.map(Into::into), source: source.map(Into::into) };
                    list(&Delivery::list(&db, filter, limit).await?, &environment, json)
                }
                Self::Show { id, body } => show(&db, &environment, &id, body).await,
                Self::Retry { id, .. } => retry(&db, id.as_deref()).await,
                Self::Replay { id, since, until, source } => {
                    let source = source.map(Into::into);
                    let between = since.map(|it| Again::Between(it, until.unwrap_or_else(Utc::now), source));
                    replay(&db, id.as_deref(), between).await
                }
            }
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

fn list(deliveries: &[Delivery], environment: &Environment, json: bool) -> Result<()> {
    if !json {
        say(crate::drawing::drawn(&inbox::list(deliveries), &environment.public_url).trim_end())?;
        return Ok(());
    }
    for it in deliveries {
        say(serde_json::to_string(it)?)?;
    }
    Ok(())
}

async fn show(db: &PgPool, environment: &Environment, id: &str, body: bool) -> Result<()> {
    let found = Delivery::with_id(db, id.trim()).await?;
    if found.is_empty() {
        bail!("there is no event with this id; `pinconsole inbox list` shows the newest");
    }
    for it in found {
        say(crate::drawing::drawn(&inbox::card(&it), &environment.public_url).trim_end())?;
        if body {
            let bytes = it.body(db).await?.context("its body is no longer kept (inbox.keep_months)")?;
            say(format!("\n{}", pretty::body(&bytes)))?;
        }
    }
    Ok(())
}
