//! Reading GitHub: what happened before we were there, what got lost, and what no event tells.
//!
//! Pull requests that were read go through the inbox, and only where they differ from what is known, since people may have to be told;
//! repositories, teams and members are written directly. A part that was not read whole changes nothing.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::PgPool;
use domain::delivery::Source;
use domain::github::{ReadPart as Part, Reading};
use domain::tick::{Outcome, Tick};
use integrations::github::{Client, GitHubError};
use sqlx::{Postgres, Transaction};

use super::{github_deliveries, github_pulls, github_repositories, github_stale, github_teams};

/// How long a reading waits when GitHub wants fewer calls, and how often. Beyond that the next run goes on.
const LONGEST_WAIT: Duration = Duration::from_secs(70);
const WAITS: u32 = 3;

/// What reading GitHub needs.
pub struct GitHub {
    /// GitHub.
    pub client: Client,
    /// How long GitHub gets to work out whether a pull request conflicts, before it is asked again.
    pub thought: Duration,
    /// Whether its events are taken in, so that it can be asked for those that are missing.
    pub events: bool,
}

impl GitHub {
    /// GitHub works out most within a few seconds.
    pub const THOUGHT: Duration = Duration::from_secs(5);
}

/// What became of a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// How many there are.
    pub(super) read: usize,
    /// How many of them were not known like this.
    pub(super) changed: u64,
}

/// Why a part was not read.
pub(super) enum Stop {
    /// GitHub did not answer, or answered no.
    GitHub(GitHubError),
    /// The mistake is ours, or this replica no longer holds the run.
    Ours(anyhow::Error),
}

impl From<GitHubError> for Stop {
    fn from(error: GitHubError) -> Self {
        Self::GitHub(error)
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Ours(error)
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Ours(error.into())
    }
}

impl GitHub {
    /// Reads parts, one after the other; one that could not be read leaves what was known of it.
    pub(super) async fn read(&self, db: &PgPool, tick: &Tick, parts: &[Part]) -> anyhow::Result<(Outcome, String)> {
        let mut ended = Ended::default();
        for part in parts {
            match self.patiently(db, tick, *part).await {
                Ok(found) => ended.good.push((*part, found)),
                Err(Stop::Ours(error)) => return Err(error),
                Err(Stop::GitHub(error)) => {
                    let why = error.to_string();
                    let mut transaction = db.begin().await?;
                    tick.hold(&mut transaction).await?;
                    Reading::bad(&mut *transaction, *part, &why).await?;
                    transaction.commit().await?;
                    ended.bad.push((*part, why));
                }
            }
        }
        console::inbox::wake([Source::Github]);
        Ok(ended.told())
    }

    async fn part(&self, db: &PgPool, tick: &Tick, part: Part) -> Result<Found, Stop> {
        match part {
            Part::Repositories => github_repositories::read(self, db, tick).await,
            Part::PullRequests => github_pulls::read(self, db, tick).await,
            Part::Mergeability => github_stale::read(self, db, tick).await,
            Part::Deliveries => github_deliveries::ask(self, db, tick).await,
            Part::Teams => github_teams::read(self, db, tick).await,
        }
    }

    /// Reads a part; waits as GitHub wishes, and asks again.
    async fn patiently(&self, db: &PgPool, tick: &Tick, part: Part) -> Result<Found, Stop> {
        let mut waits = 0;
        loop {
            match self.part(db, tick, part).await {
                Err(Stop::GitHub(GitHubError::Limited { retry_after }))
                    if retry_after <= LONGEST_WAIT && waits < WAITS =>
                {
                    waits += 1;
                    tokio::time::sleep(retry_after).await;
                }
                answer => return answer,
            }
        }
    }

    /// The time at GitHub before what is asked next, all of which second is over. Where GitHub was not asked lately, it is asked.
    pub(super) async fn moment(&self) -> Result<DateTime<Utc>, Stop> {
        self.client.itself().await?;
        let unknown = || GitHubError::Malformed("it does not say the time".into());
        Ok(self.client.clock().ok_or_else(unknown)? - TimeDelta::seconds(1))
    }
}

/// A transaction in which this run may still write.
pub(super) async fn held<'d>(db: &'d PgPool, tick: &Tick) -> Result<Transaction<'d, Postgres>, Stop> {
    let mut transaction = db.begin().await?;
    tick.hold(&mut transaction).await.map_err(anyhow::Error::from)?;
    Ok(transaction)
}

/// How the parts ended.
#[derive(Default)]
struct Ended {
    good: Vec<(Part, Found)>,
    bad: Vec<(Part, String)>,
}

impl Ended {
    fn told(&self) -> (Outcome, String) {
        let counted = |it: &(Part, Found)| match it.1.changed {
            0 => format!("{} {}", it.1.read, it.0.as_str()),
            changed => format!("{} {} ({changed} changed)", it.1.read, it.0.as_str()),
        };
        let good: Vec<String> = self.good.iter().map(counted).collect();
        let good = if good.is_empty() { String::new() } else { format!("Read {}.", good.join(", ")) };
        let Some((_, why)) = self.bad.first() else { return (Outcome::Done, good) };
        let bad: Vec<&str> = self.bad.iter().map(|it| it.0.as_str()).collect();
        let outcome = if self.good.is_empty() { Outcome::Failed } else { Outcome::Partial };
        let bad = format!("Not read, and left as they were: {}: {why}.", bad.join(", "));
        (outcome, [good, bad].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" "))
    }
}
