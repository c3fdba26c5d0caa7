//! Logs, and what is said on standard error.

use std::io::{ErrorKind, IsTerminal, Write};

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::lines::{Flush, Lines};

/// Crates whose own logs may carry tokens or bodies are kept to warnings, whatever the level.
const QUIET: [&str; 5] = ["slack_morphism=warn", "hyper=warn", "reqwest=warn", "sqlx=warn", "ldap3=warn"];

/// Starts logging to standard error, until what this gives is dropped.
pub fn start(log: &Log) -> Result<Flush> {
    let mut filter =
        EnvFilter::try_new(&log.level).with_context(|| format!("log.level `{}` is not a level", log.level))?;
    for quiet in QUIET {
        filter = filter.add_directive(quiet.parse()?);
    }
    let human = match log.format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Human => true,
        LogFormat::Json => false,
    };
    let (lines, flush) = Lines::to(std::io::stderr(), missed).context("no thread for the log")?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(lines);
    // A second start, as in one test process, keeps the first.
    let _ = if human { builder.compact().try_init() } else { builder.json().flatten_event(true).try_init() };
    Ok(flush)
}

fn missed(lines: u64) {
    tracing::warn!(lines, "lines of log were dropped: whoever reads standard error stalled");
}

/// Says on standard error why the program ends.
pub fn complain(error: &anyhow::Error) {
    let _ = writeln!(std::io::stderr(), "pinconsole: {error:#}");
}

/// Says a line on standard output; a reader that went away, such as `head`, has what it wanted.
pub fn say(line: impl std::fmt::Display) -> Result<()> {
    let mut out = std::io::stdout().lock();
    told(writeln!(out, "{line}").and_then(|()| out.flush()))
}

/// Whether what was said reached whoever still listens.
pub fn told(written: std::io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output takes no more"),
    }
}
