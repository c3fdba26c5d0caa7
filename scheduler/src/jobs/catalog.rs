//! Reading the catalog's files: read, plan, print, apply.

use chrono::{DateTime, Utc};
use domain::catalog_plan::{CatalogPlan, Removal, Seen, plan};
use domain::problem::Problem;
use domain::run::{Outcome, Run, Source};
use domain::tick::Tick;
use domain::{PgPool, catalog_apply};
use integrations::files::Reading;

use super::{Mode, Report, conclude, hold, silence};

/// What is known of a reading of the files besides what it read.
pub struct Sync<'a> {
    /// When what vanished is removed.
    pub removal: Removal,
    /// When the reading began.
    pub started: DateTime<Utc>,
    /// The run that reads, where one was claimed.
    pub tick: Option<&'a Tick>,
}

impl Sync<'_> {
    /// Writes what a reading of the files changes, in one transaction.
    pub async fn write(&self, db: &PgPool, mode: &Mode, reading: Reading) -> anyhow::Result<Report> {
        let Self { removal, started, tick } = *self;
        let (complete, unsure) = (reading.complete, reading.unsure);
        let seen: Vec<Seen> = reading
            .found
            .into_iter()
            .map(|it| Seen { document: it.document, location: it.origin.location, line: it.origin.line })
            .collect();
        let problems: Vec<Problem> = reading
            .problems
            .into_iter()
            .map(|it| Problem { file: it.file, line: it.line.and_then(|it| i32::try_from(it).ok()), reason: it.reason })
            .collect();
        let mut transaction = db.begin().await?;
        let stored = catalog_apply::stored(&mut transaction, Source::Files).await?;
        if Run::fresh_at(&mut *transaction, Source::Files).await?.is_some_and(|it| it > started) {
            transaction.rollback().await?;
            let summary = "A newer reading was applied in the meantime; nothing needs to be done.".into();
            return Ok(Report { outcome: Outcome::Refused, summary, plan: String::new(), changes: 0 });
        }
        let plan = plan(seen, problems, |location| complete && !unsure.contains(location), &stored, removal);
        let report = report(&plan, complete);
        hold(&mut transaction, tick).await?;
        catalog_apply::apply(&mut transaction, Source::Files, &plan).await?;
        match mode {
            Mode::DryRun => transaction.rollback().await?,
            Mode::Apply | Mode::Accept(_) => {
                conclude(&mut transaction, tick, &report).await?;
                let run = report.kept(Source::Files, started, None);
                match run.outcome {
                    Outcome::Failed => silence::failed(&mut transaction, &run).await?,
                    _ => silence::heard(&mut transaction, &run).await?,
                }
                run.keep(&mut *transaction).await?;
                transaction.commit().await?;
                console::notify::wake();
            }
        }
        Ok(report)
    }
}

fn report(plan: &CatalogPlan, complete: bool) -> Report {
    let outcome = match (complete, plan.changes()) {
        (false, _) if plan.seen == 0 => Outcome::Failed,
        (false, _) => Outcome::Partial,
        (true, 0) => Outcome::Unchanged,
        (true, _) => Outcome::Applied,
    };
    let read = format!("Read {} entities, with {} problems.", plan.seen, plan.problems.len());
    let summary = match complete {
        true => read,
        false => format!("{read} Not everything could be read, so nothing was taken for vanished."),
    };
    Report { outcome, summary, plan: plan.to_string(), changes: plan.changes() }
}
