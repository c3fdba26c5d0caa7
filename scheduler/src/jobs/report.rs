use chrono::{DateTime, Utc};
use domain::run::{Outcome, Run, Source};
use domain::tick;

/// How far a job goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Plan and print; write nothing.
    DryRun,
    /// Write what the plan says, unless it goes too far.
    Apply,
    /// Write what the plan says, as this person answers for it.
    Accept(String),
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How the reading ended.
    pub outcome: Outcome,
    /// What was seen and what to do, in a sentence or two.
    pub summary: String,
    /// The plan as printed; empty where there is none.
    pub plan: String,
    /// How many rows the plan changes.
    pub changes: usize,
}

impl Report {
    /// How the job's run ended, with what there is to say of it.
    pub fn ended(&self) -> (tick::Outcome, String) {
        let outcome = match self.outcome {
            Outcome::Applied | Outcome::Unchanged => tick::Outcome::Done,
            Outcome::Partial => tick::Outcome::Partial,
            Outcome::Refused => tick::Outcome::Refused,
            Outcome::Failed => tick::Outcome::Failed,
        };
        (outcome, self.summary.clone())
    }

    /// The report as it is kept.
    pub(crate) fn kept(&self, source: Source, started_at: DateTime<Utc>, accepted_by: Option<String>) -> Run {
        Run {
            source,
            started_at,
            finished_at: Utc::now(),
            outcome: self.outcome,
            summary: self.summary.clone(),
            plan: self.plan.clone(),
            changes: i32::try_from(self.changes).unwrap_or(i32::MAX),
            accepted_by,
        }
    }
}
