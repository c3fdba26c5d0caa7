//! Figures that lie in the database, for whoever watches how everything fares.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::github::{self, redelivery};
use domain::incidents::{self, Part};
use domain::outbox_list;
use domain::run::Source;
use domain::statistics::Statistics;
use domain::tick::Job;
use domain::tick_history::Fared;
use domain::{delivery, timetable};

use crate::Ctx;
use crate::status::Reading;

/// One figure of this moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge {
    /// Its name.
    pub name: &'static str,
    /// What sets it apart from others of its name.
    pub labels: Vec<(&'static str, String)>,
    /// The figure.
    pub value: f64,
}

impl Gauge {
    fn new(name: &'static str, labels: &[(&'static str, &str)], value: f64) -> Self {
        Self { name, labels: labels.iter().map(|(name, value)| (*name, (*value).to_string())).collect(), value }
    }
}

/// How long a count of everything is good enough: counting reads whole tables.
const COUNTED: Duration = Duration::from_secs(60);

/// When everything was counted last, and what that told.
#[derive(Default)]
pub(crate) struct Counted(tokio::sync::Mutex<Option<(Instant, Statistics)>>);

/// All figures, as they are now; sizes may be a minute old.
pub async fn read(ctx: &Ctx) -> anyhow::Result<Vec<Gauge>> {
    let mut gauges = sizes(&counted(ctx).await?);
    for source in Source::ALL {
        let Ok(reading) = Reading::of(&ctx.db, source).await else { continue };
        let labels = [("source", source.as_str())];
        if reading.last.is_some() {
            gauges.push(Gauge::new("pinconsole_source_readable", &labels, f64::from(reading.good())));
        }
        if let Some(fresh) = reading.fresh {
            let seconds = fresh.timestamp_millis() as f64 / 1000.0;
            gauges.push(Gauge::new("pinconsole_source_read_timestamp_seconds", &labels, seconds));
        }
    }
    gauges.extend(events(ctx).await?);
    gauges.extend(pagerduty(ctx).await?);
    gauges.extend(github(ctx).await?);
    gauges.extend(messages(ctx).await?);
    gauges.extend(jobs(ctx).await?);
    let told = ctx.access.administrators().are_told();
    gauges.push(Gauge::new("pinconsole_administrators_configured", &[], f64::from(told)));
    Ok(gauges)
}

/// Events that still need somebody.
async fn events(ctx: &Ctx) -> sqlx::Result<Vec<Gauge>> {
    let found = delivery::counts(&ctx.db, Utc::now()).await?;
    // What is no longer there is told, too: a figure that is not told again stands still.
    let kinds = delivery::Source::ALL.into_iter().flat_map(|source| delivery::State::ALL.map(|state| (source, state)));
    let gauge = |(source, state): (delivery::Source, delivery::State)| {
        let labels = [("source", source.as_str()), ("state", state.as_str())];
        let found = found.iter().find(|it| it.source == source.as_str() && it.state == state.as_str());
        let (count, age) = found.map_or((0, 0.0), |it| (it.count, (Utc::now() - it.oldest).as_seconds_f64()));
        let count = Gauge::new("pinconsole_inbox_deliveries", &labels, count as f64);
        [count, Gauge::new("pinconsole_inbox_oldest_age_seconds", &labels, age)]
    };
    Ok(kinds.filter(|it| it.1.open()).flat_map(gauge).collect())
}

/// How long ago PagerDuty was heard, and each part of it read whole.
async fn pagerduty(ctx: &Ctx) -> sqlx::Result<Vec<Gauge>> {
    let now = timetable::now(&ctx.db).await?;
    let age = |since: DateTime<Utc>| (now - since).as_seconds_f64().max(0.0);
    let mut gauges = Vec::new();
    for part in Part::READ {
        let Some(reading) = incidents::Reading::of(&ctx.db, part).await? else { continue };
        let labels = [("part", part.as_str())];
        gauges.push(Gauge::new("pinconsole_pagerduty_read_age_seconds", &labels, age(reading.known_since())));
    }
    if let Some(feed) = incidents::Reading::of(&ctx.db, Part::Feed).await? {
        let heard = delivery::last(&ctx.db, delivery::Source::Pagerduty).await?.max(feed.read_at);
        let heard = age(heard.unwrap_or(feed.begun_at));
        gauges.push(Gauge::new("pinconsole_pagerduty_heard_age_seconds", &[], heard));
        gauges.push(Gauge::new("pinconsole_pagerduty_silent", &[], f64::from(feed.silent_since.is_some())));
    }
    Ok(gauges)
}

/// How long ago each part of GitHub was read whole, and what never came.
async fn github(ctx: &Ctx) -> sqlx::Result<Vec<Gauge>> {
    let now = timetable::now(&ctx.db).await?;
    let mut gauges = Vec::new();
    for part in github::ReadPart::ALL {
        let Some(reading) = github::Reading::of(&ctx.db, part).await? else { continue };
        let age = (now - reading.read_at.unwrap_or(reading.begun_at)).as_seconds_f64().max(0.0);
        gauges.push(Gauge::new("pinconsole_github_read_age_seconds", &[("part", part.as_str())], age));
    }
    if !gauges.is_empty() {
        let missed = redelivery::given_up(&ctx.db, redelivery::TIMES).await?;
        gauges.push(Gauge::new("pinconsole_github_missed", &[], missed as f64));
    }
    Ok(gauges)
}

/// Messages to people, by lane.
async fn messages(ctx: &Ctx) -> sqlx::Result<Vec<Gauge>> {
    let lanes = outbox_list::Count::all(&ctx.db).await?;
    let gauge = |it: &outbox_list::Count| {
        let counted = |state, count: i64| {
            Gauge::new("pinconsole_outbox_messages", &[("lane", it.lane.as_str()), ("state", state)], count as f64)
        };
        let age = it.oldest.map_or(0.0, |oldest| (Utc::now() - oldest).as_seconds_f64());
        let oldest = Gauge::new("pinconsole_outbox_oldest_age_seconds", &[("lane", it.lane.as_str())], age);
        [counted("waiting", it.waiting), counted("dead", it.dead), counted("unsettled", it.unsettled), oldest]
    };
    Ok(lanes.iter().flat_map(gauge).collect())
}

/// When each job last ended, and how.
async fn jobs(ctx: &Ctx) -> sqlx::Result<Vec<Gauge>> {
    let mut gauges = Vec::new();
    for job in Job::ALL {
        let Some(last) = Fared::of(&ctx.db, job).await?.last else { continue };
        let labels = [("job", job.as_str()), ("outcome", last.outcome.as_str())];
        let seconds = last.finished_at.timestamp_millis() as f64 / 1000.0;
        gauges.push(Gauge::new("pinconsole_job_last_run_timestamp_seconds", &labels, seconds));
    }
    Ok(gauges)
}

async fn counted(ctx: &Ctx) -> sqlx::Result<Statistics> {
    let mut kept = ctx.shared.counted.0.lock().await;
    if let Some((at, statistics)) = *kept
        && at.elapsed() < COUNTED
    {
        return Ok(statistics);
    }
    let statistics = Statistics::count(&ctx.db).await?;
    *kept = Some((Instant::now(), statistics));
    Ok(statistics)
}

fn sizes(it: &Statistics) -> Vec<Gauge> {
    let sized = |name, state, value: i64| Gauge::new(name, &[("state", state)], value as f64);
    vec![
        sized("pinconsole_people", "enabled", it.people - it.disabled),
        sized("pinconsole_people", "disabled", it.disabled),
        Gauge::new("pinconsole_groups", &[], it.groups as f64),
        sized("pinconsole_entities", "owned", it.entities - it.unowned),
        sized("pinconsole_entities", "unowned", it.unowned),
        sized("pinconsole_entities", "orphaned", it.orphans),
    ]
}
