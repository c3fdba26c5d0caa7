//! How much is known and how fresh it is, in brief.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use cards::{Card, Text};
use chrono::{DateTime, Utc};
use console::{Ctx, Failure};
use domain::run::{Run, Source};
use domain::statistics::Statistics;

/// Counting everything is the dearest query of the pages, and nobody misses a change for this long.
const AGE: Duration = Duration::from_secs(10);

/// The last count, for a while.
#[derive(Default)]
pub(crate) struct Briefs(Mutex<Option<(Instant, Brief)>>);

/// How much is known and since when.
#[derive(Clone, Copy)]
pub(crate) struct Brief {
    statistics: Statistics,
    directory: Option<DateTime<Utc>>,
    files: Option<DateTime<Utc>>,
}

impl Briefs {
    pub(crate) async fn now(&self, ctx: &Ctx) -> Result<Brief, Failure> {
        if let Some(brief) = self.known() {
            return Ok(brief);
        }
        let brief = Brief {
            statistics: Statistics::count(&ctx.db).await?,
            directory: Run::fresh_at(&ctx.db, Source::Ldap).await?,
            files: Run::fresh_at(&ctx.db, Source::Files).await?,
        };
        if let Ok(mut last) = self.0.lock() {
            *last = Some((Instant::now(), brief));
        }
        Ok(brief)
    }

    fn known(&self) -> Option<Brief> {
        let (at, brief) = (*self.0.lock().ok()?)?;
        (at.elapsed() < AGE).then_some(brief)
    }
}

impl Brief {
    pub(crate) fn card(&self) -> Card {
        let Self { statistics, directory, files } = self;
        Card::new("What is known")
            .fact("Entities", statistics.entities.to_string())
            .fact("People", statistics.people.to_string())
            .fact("Groups", statistics.groups.to_string())
            .freshness(read("Catalog", *files).then(" · ").then(read("Directory", *directory)))
    }
}

fn read(what: &str, since: Option<DateTime<Utc>>) -> Text {
    match since {
        Some(since) => Text::plain(format!("{what} read ")).then(Text::ago(since)),
        None => Text::plain(format!("{what} never read whole yet")),
    }
}
