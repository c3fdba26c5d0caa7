//! No replica calls Slack before the time that Slack asked for.
//!
//! A pause binds a replica from when it can know of it: when it is committed. A call that had leave before and is on its way
//! then cannot be held back; [`ON_ITS_WAY`] is how long a call may be, from leave to arrival.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use integrations::fake::slack::{Call, Slack};
use sqlx::PgPool;

/// A call leaves within a second of its leave, or not at all.
const ON_ITS_WAY: TimeDelta = TimeDelta::milliseconds(1_050);

/// Methods that are limited in a storm.
const METHODS: [&str; 3] = ["chat.postMessage", "conversations.history", "conversations.open"];

/// What Slack asked for, and whether it was kept.
#[derive(Default)]
pub(super) struct Pauses {
    /// Answers that asked for a pause.
    asked: usize,
    /// Pauses that no replica could know of: who heard of it was killed, or the database was away, before it was told.
    untold: usize,
    /// Calls that were on their way when the pause was told.
    on_their_way: usize,
    /// The latest of those after the pause was told.
    latest: Duration,
    /// Calls that began during a pause that was told.
    pub(super) broken: Vec<String>,
}

/// Lets the database keep when each pause was told.
pub(super) async fn watch(db: &PgPool) {
    let trigger = "create table told (method text, at timestamptz, until timestamptz);
        create function told() returns trigger language plpgsql as $$ begin
            insert into told values (substr(new.name, 8), clock_timestamp(), new.next_at);
            return null;
        end $$;
        create trigger told after insert or update of next_at on notify.pace
            for each row when (new.name like 'method:%') execute function told()";
    sqlx::raw_sql(trigger).execute(db).await.expect("a table");
}

/// Counts.
pub(super) async fn count(db: &PgPool, slack: &Slack) -> Pauses {
    let told: Vec<(String, DateTime<Utc>, DateTime<Utc>)> =
        sqlx::query_as("select method, at, until from told order by at").fetch_all(db).await.expect("pauses");
    let mut pauses = Pauses::default();
    for method in METHODS {
        let calls = slack.log(method);
        for (at, asked) in calls.iter().filter_map(|it| Some((it.at, it.retry_after?))) {
            pauses.asked += 1;
            let wait = TimeDelta::from_std(asked).expect("a pause");
            let same = |it: &&(String, _, _)| it.0 == method && it.1 >= at && it.1 < at + wait;
            match told.iter().find(same) {
                None => pauses.untold += 1,
                Some((_, told, _)) => pauses.judge(&calls, (at, *told, at + wait)),
            }
        }
    }
    pauses
}

impl Pauses {
    fn judge(&mut self, calls: &[Call], (asked, told, until): (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>)) {
        for call in calls.iter().filter(|it| it.at > asked && it.at < until) {
            match call.at - told {
                after if after <= ON_ITS_WAY => {
                    self.on_their_way += 1;
                    self.latest = self.latest.max(after.to_std().unwrap_or_default());
                }
                after => self.broken.push(format!("{} {after} after a pause was told", call.method)),
            }
        }
    }
}

impl fmt::Display for Pauses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "pauses asked for               {:>6}", self.asked)?;
        writeln!(f, "  told by nobody who lived     {:>6}", self.untold)?;
        writeln!(f, "calls on their way by then     {:>6}  (the last {:?} after)", self.on_their_way, self.latest)?;
        writeln!(f, "calls before a pause was over  {:>6}", self.broken.len())
    }
}
