use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use chrono::{TimeDelta, Utc};
use domain::audit;
use domain::audit_chain::{self, AT_A_TIME, Head, Record};
use domain::audit_list::Filter;
use domain::{PgPool, pool};
use serde_json::json;

use super::operator::entry;
use crate::app;
use crate::commands::runtime::{block_on, environment, exit};
use crate::config::Config;
use crate::logging::say;

/// What was done and by whom.
#[derive(clap::Subcommand)]
pub enum Audit {
    /// Print the latest rows; that you did is written down first
    List {
        /// Only what this person or operator did
        #[arg(long)]
        who: Option<String>,
        /// Only this action
        #[arg(long)]
        action: Option<String>,
        /// Only the last so many days
        #[arg(long, value_name = "DAYS")]
        days: Option<u16>,
        /// How many rows
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
    },
    /// Compute the whole chain again, and name the first row that breaks it
    Verify {
        /// A head that was kept elsewhere, as this command prints it: everything up to it must still be there
        #[arg(long)]
        head: Option<Head>,
    },
    /// Print every row as a line of JSON with its hash; that you did is written down first
    Export {
        /// Only rows after this number
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        after: i64,
    },
}

impl Audit {
    /// Reads the audit.
    pub fn run(self, config: Option<&Path>) -> Result<ExitCode> {
        let config = Config::read(config)?;
        let environment = environment()?;
        block_on(async {
            let db = app::database(&config, &environment)?;
            pool::ready(&db).await.map_err(anyhow::Error::msg)?;
            match self {
                Self::List { who, action, days, limit } => {
                    let since = days.map(|it| Utc::now() - TimeDelta::days(it.into()));
                    list(&db, &Filter { who, action, kind: None, since }, limit).await
                }
                Self::Verify { head } => verify(&db, head.as_ref()).await,
                Self::Export { after } => export(&db, after).await,
            }
        })
    }
}

async fn list(db: &PgPool, filter: &Filter, limit: i64) -> Result<ExitCode> {
    note(db, json!({ "how": "list", "who": filter.who, "action": filter.action })).await?;
    let (mut rows, total) = Record::latest(db, filter, limit, 0).await?;
    rows.reverse();
    for row in &rows {
        say(line(row))?;
    }
    match rows.is_empty() {
        true => say("Nothing like that was written down.")?,
        false => say(format!("{} of {total} rows", rows.len()))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// One row for reading; a name from outside must not steer the terminal.
fn line(row: &Record) -> String {
    let Record { number, at, kind, who, action, resource, rule, .. } = row;
    let kind = row.outcome.as_ref().unwrap_or(kind);
    let at = at.format("%Y-%m-%d %H:%M:%S");
    let line = format!("{number:>6}  {at}  {kind:<8} {who}: {action} {resource}  ({rule})");
    line.chars().filter(|it| !it.is_control()).collect()
}

async fn verify(db: &PgPool, head: Option<&Head>) -> Result<ExitCode> {
    let found = audit_chain::verify(db, head).await?;
    match &found {
        Ok(head) if head.number == 0 => {
            say("The audit is empty: nothing was written down yet, so there is no head to keep.")?;
        }
        Ok(head) => {
            say(format!("The chain holds: {} rows.", head.number))?;
            say(format!("Head: {head}"))?;
        }
        Err(broken) => say(format!("The chain is broken: {broken}."))?,
    }
    Ok(exit(found.is_ok()))
}

async fn export(db: &PgPool, after: i64) -> Result<ExitCode> {
    note(db, json!({ "how": "export", "after": after })).await?;
    let mut after = after;
    loop {
        let rows = Record::after(db, after, AT_A_TIME).await?;
        let Some(last) = rows.last() else { return Ok(ExitCode::SUCCESS) };
        after = last.number;
        for row in &rows {
            say(row.line())?;
        }
    }
}

/// Writes down that the operator reads; what cannot be written is not shown.
async fn note(db: &PgPool, detail: serde_json::Value) -> Result<()> {
    let mut connection = db.acquire().await?;
    audit::changed(&mut connection, &entry("read-audit", "audit:log", detail)).await?;
    Ok(())
}
