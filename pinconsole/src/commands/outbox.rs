use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use chrono::SecondsFormat;
use clap::ValueEnum;
use domain::outbox_list::{self, Listed, State};
use domain::{PgPool, pool};
use serde_json::json;
use uuid::Uuid;

use crate::app;
use crate::commands::runtime::{block_on, environment};
use crate::config::Config;
use crate::logging::say;

/// What can be done with messages to people.
#[derive(clap::Subcommand)]
pub enum Outbox {
    /// List messages, the newest first
    List {
        /// Only those in this state
        #[arg(long)]
        state: Option<Which>,
        /// How many at the most
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        limit: u32,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Send messages again that nobody got
    Retry {
        /// Id of the message
        #[arg(required_unless_present = "all_dead", conflicts_with = "all_dead")]
        id: Option<Uuid>,
        /// All of them
        #[arg(long)]
        all_dead: bool,
    },
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Which {
    /// Still to be sent, or its newest state is
    Waiting,
    /// Waiting for the end of its reader's quiet hours
    Held,
    /// Sent in its newest state
    Sent,
    /// Each recipient has a copy
    Passed,
    /// Listed in a message that stands for many
    Bundled,
    /// Not sent, since whoever it is for wants none of its kind
    Declined,
    /// Nobody gets it
    Dead,
}

impl From<Which> for State {
    fn from(which: Which) -> Self {
        match which {
            Which::Waiting => Self::Waiting,
            Which::Held => Self::Held,
            Which::Sent => Self::Sent,
            Which::Passed => Self::Passed,
            Which::Bundled => Self::Bundled,
            Which::Declined => Self::Declined,
            Which::Dead => Self::Dead,
        }
    }
}

impl Outbox {
    /// Looks, or sends again.
    pub fn run(self, config: Option<&Path>) -> Result<ExitCode> {
        let config = Config::read(config)?;
        block_on(async {
            let db = app::database(&config, &environment()?)?;
            pool::ready(&db).await.map_err(anyhow::Error::msg)?;
            match self {
                Self::List { state, limit, json } => list(&db, state.map(State::from), i64::from(limit), json).await,
                Self::Retry { id, .. } => retry(&db, id).await,
            }
        })
    }
}

async fn list(db: &PgPool, state: Option<State>, limit: i64, json: bool) -> Result<ExitCode> {
    let messages = Listed::newest(db, state, limit).await?;
    if messages.is_empty() && !json {
        say("No messages.")?;
    }
    for it in &messages {
        say(if json { line(it) } else { words(it) })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn line(it: &Listed) -> String {
    json!({
        "id": it.id, "key": it.key, "lane": it.lane.as_str(), "state": it.state, "destination": it.destination,
        "title": it.title, "attempts": it.attempts, "unsettled": it.unsettled, "error": it.error,
        "created_at": it.created_at, "sent_at": it.sent_at,
    })
    .to_string()
}

fn words(it: &Listed) -> String {
    let at = it.created_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let tries = if it.attempts == 1 { "1 attempt".into() } else { format!("{} attempts", it.attempts) };
    let first =
        format!("{}  {at}  {:<6}  {:<7}  {}  {}", it.id, it.lane.as_str(), it.state, it.destination, shown(&it.title));
    match &it.error {
        Some(error) => format!("{first}\n    {tries}: {}", shown(error)),
        None => first,
    }
}

/// Without what a terminal would obey.
fn shown(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

async fn retry(db: &PgPool, id: Option<Uuid>) -> Result<ExitCode> {
    match (outbox_list::retry(db, id).await?, id) {
        (0, Some(id)) => {
            bail!("there is no message {id} that nobody got; `pinconsole outbox list --state dead` has them")
        }
        (0, None) => say("There is no message that nobody got.")?,
        (1, _) => say("1 message is sent again.")?,
        (count, _) => say(format!("{count} messages are sent again."))?,
    }
    Ok(ExitCode::SUCCESS)
}
