//! Who may act: decided by policies, at the command and again at the press, from groups read at that moment.

mod action;
mod attempt;
mod decision;
mod fault;
mod folder;
mod policies;
/// Tests of policies, as data.
pub mod trial;
mod who;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::standing::Standing;
use serde::Deserialize;

use crate::Administrators;

pub use action::{ASKED, AUTHORS, Action, GIVES, HELPING, Kind, MEMBERS, REVIEWERS, Resource, TAKES, WHOSE};
pub use attempt::{Attempt, note_failure};
pub use decision::{Decision, decide};
pub use fault::Fault;
pub use policies::{Asker, NO_RULE, Policies, Verdict};
pub use who::{Who, who_can};

/// How access is decided.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The folder with the policies; empty: those that the program comes with.
    pub policies: PathBuf,
    /// For how many hours groups count after the directory was read.
    pub fresh_hours: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { policies: PathBuf::new(), fresh_hours: 3 }
    }
}

/// The policies that hold, who the administrators are, and how long groups count.
pub struct Access {
    policies: Arc<Policies>,
    administrators: Administrators,
    fresh: TimeDelta,
}

impl Access {
    /// Reads and validates the policies; relative paths start at the folder of the configuration.
    pub fn new(config: &Config, administrators: Administrators, folder: &Path) -> Result<Self, Vec<Fault>> {
        let policies = match config.policies.as_os_str().is_empty() {
            true => Policies::shipped(),
            false => Arc::new(Policies::read(&folder.join(&config.policies))?),
        };
        Ok(Self { policies, administrators, fresh: TimeDelta::hours(config.fresh_hours.into()) })
    }

    /// Who runs PinConsole.
    pub fn administrators(&self) -> &Administrators {
        &self.administrators
    }

    /// The policies that hold.
    pub fn policies(&self) -> &Policies {
        &self.policies
    }

    /// Whether groups that were read then still count.
    fn fresh(&self, read_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
        read_at.is_some_and(|it| now - it <= self.fresh)
    }

    /// Who asks, as policies look at them: everybody is also in a group of their own, so that what a person owns is theirs.
    fn asker(&self, standing: &Standing) -> Asker {
        let administrator = self.administers(&standing.groups);
        let groups = standing.groups.iter().cloned().chain([alone(&standing.name)]).collect();
        Asker { id: standing.id, groups, administrator }
    }

    /// Whether one of these groups, by their names in lower case, is the administrators'.
    fn administers(&self, groups: &[String]) -> bool {
        let group = self.administrators.group.as_ref().map(|it| it.to_lowercase());
        group.is_some_and(|it| groups.contains(&it))
    }
}

/// What stands before the name of a person where a group is named; no name of a group has a colon.
const ALONE: &str = "user:";

/// The group that has one person in it, by their entity name.
fn alone(name: &str) -> String {
    format!("{ALONE}{}", name.to_lowercase())
}

impl Default for Access {
    fn default() -> Self {
        let fresh = TimeDelta::hours(Config::default().fresh_hours.into());
        Self { policies: Policies::shipped(), administrators: Administrators::default(), fresh }
    }
}

#[cfg(test)]
mod tests;
