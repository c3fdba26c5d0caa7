//! Figures that lie in the database, for whoever watches how everything fares.

use std::time::{Duration, Instant};

use domain::run::Source;
use domain::statistics::Statistics;

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
