//! The configuration file: behaviour only. Secrets and addresses come from the environment.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use console::access::{self, Access};
use console::notify::incident;
use console::{Administrators, inbox};
use domain::brake::Brake;
use integrations::{files, ldap};
use serde::Deserialize;

/// Everything that the file may say. Each part belongs to the crate that obeys it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Logs.
    pub log: Log,
    /// The database.
    pub database: Database,
    /// The directory.
    pub ldap: ldap::Config,
    /// When a sync of the directory stops and asks.
    pub brake: Brake,
    /// The catalog's files.
    pub catalog: files::Config,
    /// Slack.
    pub slack: Slack,
    /// When jobs run.
    pub schedule: scheduler::Config,
    /// Who may act.
    pub access: access::Config,
    /// Who runs PinConsole.
    pub administrators: Administrators,
    /// Events that others send us.
    pub inbox: inbox::Config,
    /// How people are told of incidents.
    pub incidents: incident::Rules,
    /// Whether people are told that somebody comes on call.
    pub oncall: console::notify::handover::Rules,
    /// What holds for whoever said nothing of how they want to be told.
    pub notifications: console::notifications::Config,
    /// The folder of the file, where relative paths start.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// Logs.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `json`, `human`, or `auto`: human on a terminal, else JSON.
    pub format: LogFormat,
    /// What is logged, such as `info` or `info,sqlx=warn`.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Auto, level: "info".into() }
    }
}

/// How logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Human on a terminal, else JSON.
    #[default]
    Auto,
    /// One JSON object a line.
    Json,
    /// For reading.
    Human,
}

/// The database.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// Connections at the most, for questions and for what carries events each.
    pub connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self { connections: 10 }
    }
}

/// Slack.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Slack {
    /// Commands that have a slash command of their own besides `/pin`.
    pub aliases: Vec<String>,
}

impl Default for Slack {
    fn default() -> Self {
        Self { aliases: vec!["catalog".into()] }
    }
}

impl Config {
    /// Reads the file; without one, everything is as by default.
    pub fn read(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Self { folder: PathBuf::from("."), ..Self::default() }) };
        let text =
            fs::read_to_string(path).with_context(|| format!("the configuration {} cannot be read", path.display()))?;
        let mut config = match Self::parse(&text) {
            Ok(config) => config,
            Err(error) => bail!("the configuration {} is wrong: {error}", path.display()),
        };
        config.folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new(".")).into();
        Ok(config)
    }

    /// Reads a text; the error names the line, and for an unknown key the one that was likely meant.
    pub fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let text = error.to_string();
            match suggestion(error.message()) {
                Some(it) => format!("{}\nDid you mean `{it}`?", text.trim_end()),
                None => text.trim_end().to_string(),
            }
        })?;
        config.check()?;
        Ok(config)
    }

    /// The policies that hold, with the administrators; every fault of theirs at once, with file and line.
    pub fn access(&self) -> Result<Access> {
        let read = Access::new(&self.access, self.administrators.clone(), &self.folder);
        read.map_err(|faults| {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("the policies are wrong:\n  {}", faults.join("\n  "))
        })
    }

    fn check(&self) -> Result<(), String> {
        if !(1..=1000).contains(&self.database.connections) {
            return Err("database.connections must be from 1 to 1000".into());
        }
        if !(1..=120).contains(&self.inbox.keep_months) {
            return Err("inbox.keep_months must be from 1 to 120".into());
        }
        if !(self.inbox.keep_months..=120).contains(&self.inbox.keep_dead_months) {
            return Err("inbox.keep_dead_months must be from inbox.keep_months to 120".into());
        }
        if self.brake.percent > 100 {
            return Err("brake.percent must be from 0 to 100".into());
        }
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&self.log.level) {
            return Err(format!("log.level: {error}"));
        }
        self.schedule.check()?;
        self.oncall.check()?;
        self.incidents.check()?;
        self.notifications.defaults()?;
        let known: Vec<String> = bot::help::commands().iter().map(|it| it.get_name().to_string()).collect();
        if !(1..=720).contains(&self.access.fresh_hours) {
            return Err("access.fresh_hours must be from 1 to 720".into());
        }
        match self.slack.aliases.iter().find(|it| !known.contains(it)) {
            Some(alias) => Err(format!("slack.aliases: `{alias}` is no command; there are {}", known.join(", "))),
            None => Ok(()),
        }
    }
}

/// The known key nearest to the unknown one, from a message such as "unknown field `lpad`, expected one of `ldap`, `log`".
fn suggestion(message: &str) -> Option<String> {
    let mut quoted = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let unknown = quoted.next()?;
    let likeness = |it: &&str| (strsim::jaro_winkler(unknown, it) * 1000.0) as u32;
    quoted.max_by_key(likeness).filter(|it| likeness(it) > 700).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_the_likely_one() {
        let error = Config::parse("[databse]\nconnections = 5\n").expect_err("unknown");
        assert!(error.contains("line 1"), "{error}");
        assert!(error.contains("Did you mean `database`?"), "{error}");
        let error = Config::parse("[ldap.users]\nbase = \"x\"\n").expect_err("unknown");
        assert!(error.contains("Did you mean `bases`?"), "{error}");
    }

    #[test]
    fn an_alias_must_be_a_command() {
        let error = Config::parse("[slack]\naliases = [\"oncal\"]").expect_err("no command");
        assert!(error.contains("`oncal` is no command"), "{error}");
    }

    #[test]
    fn nothing_at_all_is_a_configuration() {
        assert_eq!(Config::parse("").expect("valid").database.connections, 10);
    }
}
