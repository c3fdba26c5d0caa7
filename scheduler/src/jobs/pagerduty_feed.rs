//! Whether PagerDuty's events reach us: it is asked to send one, which then must come.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use console::notify;
use console::notify::feed::{Road, Silence, switched_on};
use domain::PgPool;
use domain::delivery::{self, Source};
use domain::incidents::{Part, Reading};
use domain::tick::{Job, Outcome, Tick};
use integrations::pagerduty::{PagerDutyError, Subscription};

use super::pagerduty::{PagerDuty, Stop, held};

/// How often one looks whether it came.
const LOOK: Duration = Duration::from_millis(500);

/// Where PagerDuty cannot even be asked, its events count as silent after this.
const UNASKED: TimeDelta = TimeDelta::minutes(15);

/// Where PagerDuty's events come in.
pub struct Feed {
    /// The address that its subscription must lead to.
    pub url: String,
    /// How long the answer to a ping may take.
    pub patience: Duration,
}

impl Feed {
    /// How long a ping may take to come; PagerDuty sends it at once.
    pub const PATIENCE: Duration = Duration::from_secs(60);
}

/// What the feed is like.
enum Heard {
    /// The ping came, or something else did.
    Yes,
    /// It did not, for this reason.
    No(String),
    /// Nobody knows: PagerDuty could not be asked.
    Unasked(String),
}

impl PagerDuty {
    /// Asks PagerDuty for an event, and waits for it.
    pub(super) async fn listen(&self, db: &PgPool, tick: &Tick) -> anyhow::Result<(Outcome, String)> {
        let Some(feed) = &self.feed else { anyhow::bail!("PagerDuty's events are not taken in here") };
        Reading::begin(db, Part::Feed).await?;
        let before = delivery::last(db, Source::Pagerduty).await?;
        let heard = match self.ask(db, tick, feed).await {
            Ok(()) => {
                let end = tokio::time::Instant::now() + feed.patience;
                // The receivers' clock may not be ours, so what counts is that something new came.
                while delivery::last(db, Source::Pagerduty).await? <= before && tokio::time::Instant::now() < end {
                    tokio::time::sleep(LOOK.min(feed.patience)).await;
                }
                match delivery::last(db, Source::Pagerduty).await? > before {
                    true => Heard::Yes,
                    false => {
                        Heard::No(format!("PagerDuty was asked for an event at {}, and none came. {WAYS}", feed.url))
                    }
                }
            }
            Err(Stop::Ours(error)) => return Err(error),
            Err(Stop::PagerDuty(PagerDutyError::Gone)) => Heard::No(nowhere(feed)),
            Err(Stop::PagerDuty(error)) => Heard::Unasked(error.to_string()),
        };
        self.keep(db, tick, (heard, before)).await
    }

    /// Asks the subscription that leads to us for a ping, after switching it on where it is off.
    async fn ask(&self, db: &PgPool, tick: &Tick, feed: &Feed) -> Result<(), Stop> {
        let ours = |it: &Subscription| it.delivery_method.as_ref().is_some_and(|it| same(&it.url, &feed.url));
        let all = self.client.subscriptions().await?;
        let ours: Vec<&Subscription> = all.iter().filter(|it| ours(it)).collect();
        let off =
            |it: &Subscription| !it.active || it.delivery_method.as_ref().is_some_and(|it| it.temporarily_disabled);
        for it in ours.iter().filter(|it| off(it)) {
            self.client.enable(&it.id).await?;
            let mut transaction = held(db, tick).await?;
            for message in switched_on(tick.scheduled_for, self.channel.as_ref()) {
                notify::put(&mut *transaction, &message).await?;
            }
            read_soon(&mut transaction, "PagerDuty's events, which it had stopped").await?;
            transaction.commit().await?;
        }
        for it in &ours {
            self.client.ping(&it.id).await?;
        }
        if ours.is_empty() { Err(PagerDutyError::Gone.into()) } else { Ok(()) }
    }

    async fn keep(
        &self,
        db: &PgPool,
        tick: &Tick,
        (heard, before): (Heard, Option<DateTime<Utc>>),
    ) -> anyhow::Result<(Outcome, String)> {
        let mut transaction = db.begin().await?;
        tick.hold(&mut transaction).await?;
        let now = domain::timetable::now(&mut *transaction).await?;
        let (why, certain) = match heard {
            Heard::Yes => {
                if self.heard(&mut transaction, (Part::Feed, Road::Events), now, None).await? {
                    read_soon(&mut transaction, "PagerDuty's events, which were silent").await?;
                }
                transaction.commit().await?;
                notify::wake();
                return Ok((Outcome::Done, "PagerDuty was asked for an event, and it came.".into()));
            }
            Heard::No(why) => (why, true),
            Heard::Unasked(why) => (why, false),
        };
        let reading = Reading::bad(&mut *transaction, Part::Feed, &why).await?;
        let since = before.max(reading.read_at).unwrap_or(reading.begun_at);
        if certain || now - since > UNASKED {
            self.silent(&mut transaction, Part::Feed, Silence { road: Road::Events, since, why: &why }).await?;
        }
        transaction.commit().await?;
        notify::wake();
        Ok((Outcome::Failed, why))
    }
}

const WAYS: &str = "See the deliveries of the subscription in PagerDuty, and whether PINCONSOLE_PUBLIC_URL and \
                    PAGERDUTY_WEBHOOK_SECRET are those that it has.";

fn nowhere(feed: &Feed) -> String {
    format!(
        "no webhook subscription of PagerDuty leads to {}: make one there, and set its secret as PAGERDUTY_WEBHOOK_SECRET",
        feed.url
    )
}

/// Whether two addresses are one, but for a slash at the end.
fn same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/').eq_ignore_ascii_case(other.trim_end_matches('/'))
}

/// Lets what was missed be read at once.
async fn read_soon(db: &mut domain::PgConnection, why: &str) -> sqlx::Result<()> {
    Tick::ask(db, Job::Pagerduty, &serde_json::Value::Null, why).await.map(|_| ())
}
