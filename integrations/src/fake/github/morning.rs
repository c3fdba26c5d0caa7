//! A morning of pull requests, from a file: those that are there when it begins, and what people then do.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::GitHub;

/// A morning.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Morning {
    /// The organization where the app is installed.
    pub organization: String,
    /// Its teams, with their people.
    pub teams: BTreeMap<String, Vec<String>>,
    /// Its repositories, with the approvals that their main branches ask for.
    pub repositories: BTreeMap<String, Option<i32>>,
    /// What is there when it begins.
    pub pulls: Vec<Pull>,
    /// What happens then.
    pub steps: Vec<Step>,
}

/// A pull request that is there when the morning begins.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    /// By which steps name it.
    pub key: String,
    /// Its repository, without the owner.
    pub repository: String,
    /// Who opened it.
    pub author: String,
    /// What it does.
    pub title: String,
    /// How long ago, in hours.
    pub hours: i64,
    /// How much it changes: lines added and deleted, and files.
    pub size: (i32, i32, i32),
    /// What happened to it before, a quarter of an hour after each other.
    #[serde(default)]
    pub did: Vec<Step>,
}

/// Somebody does something.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// So many seconds after the step before.
    #[serde(default)]
    pub after: u64,
    /// With which pull request; of what happened before, the one itself.
    #[serde(default)]
    pub pull: String,
    /// Who.
    pub by: String,
    /// What.
    pub does: Does,
}

/// What somebody does with a pull request.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Does {
    /// Asks somebody to review.
    Request(String),
    /// Asks a team to review.
    RequestTeam(String),
    /// Approves.
    Approve,
    /// Wants something changed.
    RequestChanges,
    /// Writes this.
    Comment(String),
    /// A check begins.
    Begin(String),
    /// A check passes.
    Pass(String),
    /// A check fails.
    Fail(String),
    /// Adds a commit.
    Push,
    /// Makes it a draft.
    Draft,
    /// Says that it is a draft no longer.
    Ready,
    /// It conflicts with its base from now on.
    Conflict,
    /// Gives it a label.
    Label(String),
    /// Merges it.
    Merge,
    /// Gives it up.
    Close,
}

impl Morning {
    /// Reads a morning from YAML.
    pub fn parse(yaml: &str) -> anyhow::Result<Self> {
        Ok(serde_saphyr::from_str(yaml)?)
    }

    /// Logins of everybody who has to do with it.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        let steps = self.pulls.iter().flat_map(|it| &it.did).chain(&self.steps).map(|it| it.by.as_str());
        self.teams
            .values()
            .flatten()
            .map(String::as_str)
            .chain(self.pulls.iter().map(|it| it.author.as_str()))
            .chain(steps)
    }
}

/// The pull requests of a morning, by their keys.
pub type Opened = HashMap<String, i64>;

impl GitHub {
    /// Counts from here on as a GitHub on which much has happened before, so that whoever knew an earlier one does not take a new
    /// pull request for one of those. People, repositories and teams are the same each time.
    pub fn after_others(&self, at: DateTime<Utc>) {
        let number = (at.timestamp() - NUMBERED_SINCE) / 600;
        self.tell(|state| {
            state.count_from(at.timestamp_millis());
            state.numbers_from = i32::try_from(number).unwrap_or_default();
        });
    }

    /// Lets all of this be there. What happened before the morning is told by events of their own times, which wait until it is played.
    pub fn begin(&self, morning: &Morning) -> Opened {
        let owner = &morning.organization;
        self.organization(owner);
        morning.people().for_each(|it| {
            self.person(it);
        });
        for (slug, people) in &morning.teams {
            self.team(owner, slug, &people.iter().map(String::as_str).collect::<Vec<_>>());
        }
        for (name, approvals) in &morning.repositories {
            self.repository(&format!("{owner}/{name}"), *approvals);
        }
        self.hold_webhooks(true);
        let opened = morning.pulls.iter().map(|it| (it.key.clone(), self.earlier(it, owner))).collect();
        self.tell(|state| state.behind = TimeDelta::zero());
        opened
    }

    /// Lets a pull request be opened some time ago, and what happened to it then.
    fn earlier(&self, it: &Pull, owner: &str) -> i64 {
        let mut behind = TimeDelta::hours(it.hours);
        self.tell(|state| state.behind = behind);
        let pull = self.open_of(&format!("{owner}/{}", it.repository), (&it.author, &it.title), it.size);
        for step in &it.did {
            behind = (behind - BETWEEN).max(TimeDelta::zero());
            self.tell(|state| state.behind = behind);
            self.perform(pull, step, owner);
        }
        pull
    }

    /// Tells what happened before, and waits until that is done.
    pub async fn tell_earlier(&self) {
        self.hold_webhooks(false);
        self.settled().await;
    }

    /// Plays what happens, step by step.
    pub async fn play(&self, morning: &Morning, opened: &Opened) {
        for step in &morning.steps {
            tokio::time::sleep(Duration::from_secs(step.after)).await;
            if let Some(pull) = opened.get(&step.pull) {
                self.perform(*pull, step, &morning.organization);
            }
        }
    }

    /// Closes what is still open, and waits until that was told.
    pub async fn end(&self) {
        let open: Vec<(i64, String)> = {
            let state = self.state();
            let open = state.pulls.values().filter(|it| it.stage == super::record::Stage::Open);
            open.map(|it| (it.id, state.actors[&it.author].login.clone())).collect()
        };
        open.iter().for_each(|(pull, author)| self.close(*pull, author));
        self.settled().await;
    }

    /// Does a step, where the pull request is still open.
    fn perform(&self, pull: i64, step: &Step, organization: &str) {
        if self.state().pulls.get(&pull).is_none_or(|it| it.stage != super::record::Stage::Open) {
            return;
        }
        let by = step.by.as_str();
        match &step.does {
            Does::Request(who) => self.request(pull, by, who),
            Does::RequestTeam(slug) => {
                let team = self.tell(|state| {
                    let found = state.teams.values().find(|it| it.organization == organization && it.slug == *slug);
                    found.map(|it| it.id)
                });
                if let Some(team) = team {
                    self.request_team(pull, by, team);
                }
            }
            Does::Approve => self.approve(pull, by),
            Does::RequestChanges => self.request_changes(pull, by),
            Does::Comment(text) => self.comment(pull, by, text),
            Does::Begin(check) => self.check_begins(pull, check),
            Does::Pass(check) => self.check_ends(pull, check, true),
            Does::Fail(check) => self.check_ends(pull, check, false),
            Does::Push => self.push(pull, by),
            Does::Draft => self.draft(pull, true),
            Does::Ready => self.draft(pull, false),
            Does::Conflict => self.conflicts(pull, true),
            Does::Label(label) => self.label(pull, by, label),
            Does::Merge => self.merge(pull, by),
            Does::Close => self.close(pull, by),
        }
    }
}

/// How long people take for each thing that they did before the morning.
const BETWEEN: TimeDelta = TimeDelta::minutes(15);

/// 2026-01-01, in seconds since 1970: numbers stay short, and whoever plays has no more than one pull request every ten minutes.
const NUMBERED_SINCE: i64 = 1_767_225_600;
