//! Reading PagerDuty: it drops events, and sends none for schedules and overrides.
//!
//! Part by part, each read whole, then written in one transaction that holds the run, or not at all. What has events of its own,
//! incidents and services, is written into the inbox where it differs, so that one worker applies it; the rest is written
//! directly.

use std::time::Duration;

use chrono::{DateTime, Utc};
use console::notify::feed::{Road, Silence};
use console::notify::{self, Destination};
use domain::delivery::Source;
use domain::incidents::{Part, Reading};
use domain::tick::{Outcome, Tick};
use domain::{PgConnection, PgPool};
use integrations::pagerduty::{Client, PagerDutyError};
use sqlx::{Postgres, Transaction};

use super::pagerduty_feed::Feed;
use super::{pagerduty_incidents as incidents, pagerduty_oncall as oncall};

/// So many readings in a row may fail before people are told.
const FAILURES: i32 = 3;

/// How long a reading waits when PagerDuty wants fewer calls, and how often.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const WAITS: u32 = 2;

/// What reading PagerDuty needs.
pub struct PagerDuty {
    /// PagerDuty.
    pub client: Client,
    /// Where those on call are told that a road is silent, besides administrators.
    pub channel: Option<Destination>,
    /// Its events, where they are taken in.
    pub feed: Option<Feed>,
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
    /// PagerDuty did not answer, or answered no.
    PagerDuty(PagerDutyError),
    /// The mistake is ours, or this replica no longer holds the run.
    Ours(anyhow::Error),
}

impl From<PagerDutyError> for Stop {
    fn from(error: PagerDutyError) -> Self {
        Self::PagerDuty(error)
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

impl PagerDuty {
    /// Reads everything; a part that could not be read leaves what was known of it.
    pub(super) async fn read(&self, db: &PgPool, tick: &Tick) -> anyhow::Result<(Outcome, String)> {
        // Any answer tells the time there; and where none comes, nothing else needs to be asked.
        let reached = self.patiently(db, tick, None).await;
        let mut ended = Ended::default();
        for part in Part::READ {
            let read = match &reached {
                Err(Stop::PagerDuty(error)) => Err(Stop::PagerDuty(error.clone())),
                _ => self.patiently(db, tick, Some(part)).await,
            };
            match read {
                Ok(found) => ended.good.push((part, found)),
                Err(Stop::Ours(error)) => return Err(error),
                Err(Stop::PagerDuty(error)) => {
                    self.failed(db, tick, part, &error).await?;
                    ended.bad.push((part, error.to_string()));
                }
            }
        }
        console::inbox::wake([Source::Pagerduty]);
        notify::wake();
        Ok(ended.told())
    }

    async fn part(&self, db: &PgPool, tick: &Tick, part: Part) -> Result<Found, Stop> {
        match part {
            Part::Services => incidents::services(self, db, tick).await,
            Part::Incidents => incidents::incidents(self, db, tick).await,
            Part::Logs => incidents::logs(self, db, tick).await,
            Part::Shifts => oncall::shifts(self, db, tick).await,
            Part::Policies => oncall::policies(self, db, tick).await,
            Part::Schedules => oncall::schedules(self, db, tick).await,
            Part::Members => oncall::members(self, db, tick).await,
            Part::Overrides => oncall::overrides(self, db, tick).await,
            // They come by themselves.
            Part::Feed => Ok(Found::default()),
        }
    }

    /// Reads a part, or only knocks; waits as PagerDuty wishes, and asks again.
    async fn patiently(&self, db: &PgPool, tick: &Tick, part: Option<Part>) -> Result<Found, Stop> {
        let mut waits = 0;
        loop {
            let answer = match part {
                Some(part) => self.part(db, tick, part).await,
                None => self.client.priorities().await.map(|_| Found::default()).map_err(Stop::from),
            };
            match answer {
                Err(Stop::PagerDuty(PagerDutyError::Limited { retry_after }))
                    if retry_after <= LONGEST_WAIT && waits < WAITS =>
                {
                    waits += 1;
                    tokio::time::sleep(retry_after).await;
                }
                answer => return answer,
            }
        }
    }

    /// The time at PagerDuty before what is asked next.
    pub(super) fn moment(&self) -> Result<DateTime<Utc>, Stop> {
        let unknown = || PagerDutyError::Malformed("it does not say the time".into());
        Ok(self.client.clock().ok_or_else(unknown)?)
    }

    async fn failed(&self, db: &PgPool, tick: &Tick, part: Part, error: &PagerDutyError) -> anyhow::Result<()> {
        let why = error.to_string();
        let mut transaction = db.begin().await?;
        tick.hold(&mut transaction).await?;
        let reading = Reading::bad(&mut *transaction, part, &why).await?;
        if part == Part::Incidents && reading.failures >= FAILURES {
            let since = reading.known_since();
            self.silent(&mut transaction, part, Silence { road: Road::Api, since, why: &why }).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Tells of a silence, once.
    pub(super) async fn silent(&self, db: &mut PgConnection, part: Part, silence: Silence<'_>) -> sqlx::Result<bool> {
        let news = Reading::silence(&mut *db, part, silence.since).await?;
        if news {
            for message in silence.messages(self.channel.as_ref()) {
                notify::put(&mut *db, &message).await?;
            }
        }
        Ok(news)
    }

    /// Tells that a silence is over, where there was one.
    pub(super) async fn heard(
        &self,
        db: &mut PgConnection,
        (part, road): (Part, Road),
        at: DateTime<Utc>,
        moment: Option<DateTime<Utc>>,
    ) -> sqlx::Result<bool> {
        let Some(since) = Reading::good(&mut *db, part, at, moment).await? else { return Ok(false) };
        for (key, card) in (Silence { road, since, why: "" }).ended(self.channel.as_ref(), at) {
            notify::edit(&mut *db, &key, &card).await?;
        }
        Ok(true)
    }

    /// Ends the transaction of a part that was read whole at this moment.
    pub(super) async fn read_whole(
        &self,
        mut transaction: Transaction<'_, Postgres>,
        part: Part,
        moment: DateTime<Utc>,
    ) -> Result<(), Stop> {
        let now = domain::timetable::now(&mut *transaction).await?;
        self.heard(&mut transaction, (part, Road::Api), now, Some(moment)).await?;
        Ok(transaction.commit().await?)
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
