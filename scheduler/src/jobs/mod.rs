//! One file a job.

pub mod catalog;
pub mod github;
mod github_deliveries;
mod github_event;
mod github_pulls;
mod github_repositories;
mod github_stale;
mod github_teams;
mod handover;
pub mod housekeeping;
pub mod ldap;
mod ldap_messages;
pub mod pagerduty;
mod pagerduty_feed;
mod pagerduty_incidents;
mod pagerduty_oncall;
mod report;
mod silence;

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use domain::brake::Brake;
use domain::catalog_plan::Removal;
use domain::github::ReadPart;
use domain::run::{self, Run};
use domain::tick::{HoldError, Job, Outcome, Tick};
use domain::{PgConnection, PgPool};
use integrations::files::Reading;
use integrations::ldap::{Config as LdapConfig, Directory as Source};
use serde::Deserialize;

use crate::{CatchUp, Config, Overlap, Policy};
pub use github::GitHub;
use housekeeping::Sweep;
pub use pagerduty::PagerDuty;
pub use pagerduty_feed::Feed;
pub use report::{Mode, Report};

/// The jobs that this program can do, with what each needs.
pub struct Jobs {
    /// When they run.
    pub schedule: Config,
    /// The directory, where there is one.
    pub directory: Option<Directory>,
    /// The catalog's files, where there are any.
    pub files: Option<Files>,
    /// PagerDuty, where it is configured.
    pub pagerduty: Option<PagerDuty>,
    /// GitHub, where it is configured.
    pub github: Option<GitHub>,
    /// Whether and of which turns people are told.
    pub handover: Option<console::notify::handover::Rules>,
    /// What is kept in bounds.
    pub sweeps: Vec<Sweep>,
}

/// What reading the directory needs.
pub struct Directory {
    /// The directory.
    pub source: Arc<dyn Source>,
    /// How it is read.
    pub config: LdapConfig,
    /// How much may go at once.
    pub brake: Brake,
}

/// What reading the catalog's files needs.
pub struct Files {
    /// Reads them all; it may block.
    pub read: Arc<dyn Fn() -> Reading + Send + Sync>,
    /// How long what vanished is kept; without an end where there is none.
    pub keep: Option<TimeDelta>,
}

impl Files {
    /// What is removed now.
    pub fn removal(&self) -> Removal {
        Removal { before: self.keep.map(|it| Utc::now() - it) }
    }
}

impl Jobs {
    /// The jobs that are configured here.
    pub fn configured(&self) -> impl Iterator<Item = Job> {
        Job::ALL.into_iter().filter(|job| match job {
            Job::Ldap => self.directory.is_some(),
            Job::Catalog => self.files.is_some(),
            Job::Housekeeping => true,
            Job::Pagerduty => self.pagerduty.is_some(),
            Job::PagerdutyFeed => self.pagerduty.as_ref().is_some_and(|it| it.feed.is_some()),
            Job::Handover => self.handover.is_some(),
            Job::Github | Job::GithubMergeability | Job::GithubTeams => self.github.is_some(),
            Job::GithubRedeliver => self.github.as_ref().is_some_and(|it| it.events),
        })
    }

    /// How a job keeps to its schedule.
    pub fn policy(job: Job) -> Policy {
        match job {
            // Who may do what hangs on it, so it is never left out for good.
            Job::Ldap => Policy { catch_up: CatchUp::Once, overlap: Overlap::Wait },
            Job::Catalog
            | Job::Housekeeping
            | Job::Pagerduty
            | Job::PagerdutyFeed
            | Job::Handover
            | Job::Github
            | Job::GithubMergeability
            | Job::GithubRedeliver
            | Job::GithubTeams => Policy { catch_up: CatchUp::Once, overlap: Overlap::Skip },
        }
    }

    /// Does a job; it ends with an error only where the mistake is ours.
    pub(crate) async fn run(&self, db: &PgPool, tick: &Tick) -> anyhow::Result<(Outcome, String)> {
        match tick.job {
            Job::Ldap | Job::Catalog => Ok(self.read(db, tick).await?.ended()),
            Job::Housekeeping => {
                if let Err(error) = silence::look(db, self).await {
                    tracing::warn!(?error, "whether sources went silent is not known");
                }
                Ok(housekeeping::sweep(db, &self.sweeps).await)
            }
            Job::Pagerduty => self.pagerduty()?.read(db, tick).await,
            Job::PagerdutyFeed => self.pagerduty()?.listen(db, tick).await,
            Job::Handover => match &self.handover {
                Some(rules) => handover::tell(db, rules, tick).await,
                None => anyhow::bail!("nobody is told of turns here"),
            },
            Job::Github => self.github()?.read(db, tick, &[ReadPart::Repositories, ReadPart::PullRequests]).await,
            Job::GithubMergeability => self.github()?.read(db, tick, &[ReadPart::Mergeability]).await,
            Job::GithubRedeliver => self.github()?.read(db, tick, &[ReadPart::Deliveries]).await,
            Job::GithubTeams => self.github()?.read(db, tick, &[ReadPart::Teams]).await,
        }
    }

    fn pagerduty(&self) -> anyhow::Result<&PagerDuty> {
        self.pagerduty.as_ref().ok_or_else(|| anyhow::anyhow!("PagerDuty is not configured here"))
    }

    fn github(&self) -> anyhow::Result<&GitHub> {
        self.github.as_ref().ok_or_else(|| anyhow::anyhow!("GitHub is not configured here"))
    }

    /// Reads the source of a job that reads one.
    pub async fn read(&self, db: &PgPool, tick: &Tick) -> anyhow::Result<Report> {
        match (tick.job, &self.directory, &self.files) {
            (Job::Ldap, Some(directory), _) => directory.read(db, tick).await,
            (Job::Catalog, _, Some(files)) => files.read(db, tick).await,
            (job, ..) => anyhow::bail!("the job {} has no source here", job.as_str()),
        }
    }
}

/// Somebody answers for a plan that had been refused.
#[derive(Deserialize)]
struct Accept {
    /// The code of the plan that they were shown.
    accept: String,
    by: String,
}

impl Directory {
    async fn read(&self, db: &PgPool, tick: &Tick) -> anyhow::Result<Report> {
        let mode = match &tick.argument {
            None => Mode::Apply,
            Some(argument) => accepting(db, Accept::deserialize(argument)?).await?,
        };
        let sync = ldap::Sync { directory: &*self.source, config: &self.config, brake: self.brake, tick: Some(tick) };
        sync.run(db, &mode, &|_| {}).await
    }
}

/// They answer for one plan: where another one was refused since, the brake holds as ever.
async fn accepting(db: &PgPool, Accept { accept, by }: Accept) -> anyhow::Result<Mode> {
    let refused = Run::refused(db, run::Source::Ldap).await?;
    Ok(if refused.is_some_and(|it| run::code(&it) == accept) { Mode::Accept(by) } else { Mode::Apply })
}

impl Files {
    async fn read(&self, db: &PgPool, tick: &Tick) -> anyhow::Result<Report> {
        let read = self.read.clone();
        let reading = tokio::task::spawn_blocking(move || read()).await?;
        let sync = catalog::Sync { removal: self.removal(), started: tick.started_at, tick: Some(tick) };
        sync.write(db, &Mode::Apply, reading).await
    }
}

/// Holds the job until the transaction ends, where a run of it was claimed; it fails once another replica has taken over.
async fn hold(db: &mut PgConnection, tick: Option<&Tick>) -> Result<(), HoldError> {
    match tick {
        Some(tick) => tick.hold(db).await,
        None => Ok(()),
    }
}

/// Says how the run ended, in the transaction of all that it wrote: a run whose process then dies is not begun anew.
async fn conclude(db: &mut PgConnection, tick: Option<&Tick>, report: &Report) -> Result<(), HoldError> {
    let Some(tick) = tick else { return Ok(()) };
    let (outcome, note) = report.ended();
    if tick.finish(db, outcome, &note).await? { Ok(()) } else { Err(HoldError::Overtaken(tick.job)) }
}
