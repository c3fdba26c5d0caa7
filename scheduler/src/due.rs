//! Which runs are due, and what becomes of those that were missed.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use domain::timetable::Filling;

use crate::cron::Cron;

/// What becomes of runs that were due while nobody could begin them. Of several, only the newest is ever made up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatchUp {
    /// The newest of them begins, however late.
    Once,
    /// The newest of them begins unless it is later than this.
    Within(TimeDelta),
}

/// What becomes of a run that is due while the one before is still going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// It begins right after.
    Wait,
    /// It is left out.
    Skip,
}

/// How a job keeps to its schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What becomes of missed runs.
    pub catch_up: CatchUp,
    /// What becomes of runs that are due while one is going.
    pub overlap: Overlap,
}

/// More missed runs than this are not written down.
const MAX_SKIPPED: usize = 100;

const MISSED: &str = "missed: no replica was there to begin it";
const LATE: &str = "missed: it would have been too late";
const OVERLAP: &str = "the run before was still going";

impl Policy {
    /// The runs after those that have rows, up to now; nothing when none is due.
    ///
    /// A job without any run so far begins at once.
    pub fn due(
        &self,
        cron: &Cron,
        filled: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
        running: bool,
    ) -> Option<Filling> {
        let Some(filled) = filled else {
            let minute = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
            return Some(Filling { run: Some(minute), skipped: Vec::new() });
        };
        let due = cron.between(filled, now);
        let newest = *due.last()?;
        let too_late = match self.catch_up {
            CatchUp::Once => false,
            CatchUp::Within(limit) => now - newest > limit,
        };
        let why = match (too_late, running, self.overlap) {
            (true, ..) => Some(LATE),
            (false, true, Overlap::Skip) => Some(OVERLAP),
            (false, true, Overlap::Wait) | (false, false, _) => None,
        };
        let mut skipped: Vec<_> = due.iter().rev().skip(1).take(MAX_SKIPPED).map(|at| (*at, MISSED)).collect();
        skipped.reverse();
        skipped.extend(why.map(|it| (newest, it)));
        Some(Filling { run: why.is_none().then_some(newest), skipped })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn hourly() -> Cron {
        Cron::parse("0 * * * *", chrono_tz::UTC).expect("a schedule")
    }

    const ONCE: Policy = Policy { catch_up: CatchUp::Once, overlap: Overlap::Wait };
    const FOUR_HOURS: Policy = Policy { catch_up: CatchUp::Within(TimeDelta::hours(4)), overlap: Overlap::Skip };

    #[test]
    fn nothing_is_due_before_its_time() {
        assert_eq!(ONCE.due(&hourly(), Some(at("2026-03-01T06:00:00Z")), at("2026-03-01T06:59:59Z"), false), None);
    }

    #[test]
    fn a_job_that_never_ran_begins_at_once() {
        let due = ONCE.due(&hourly(), None, at("2026-03-01T06:17:42Z"), false).expect("due");
        assert_eq!(due, Filling { run: Some(at("2026-03-01T06:17:00Z")), skipped: Vec::new() });
    }

    #[test]
    fn after_downtime_the_newest_runs_once_and_the_others_are_recorded() {
        let due =
            ONCE.due(&hourly(), Some(at("2026-03-01T06:00:00Z")), at("2026-03-01T09:59:59Z"), false).expect("due");
        assert_eq!(due.run, Some(at("2026-03-01T09:00:00Z")));
        assert_eq!(due.skipped, [(at("2026-03-01T07:00:00Z"), MISSED), (at("2026-03-01T08:00:00Z"), MISSED)]);
        let due =
            ONCE.due(&hourly(), Some(at("2025-03-01T06:00:00Z")), at("2026-03-01T09:59:59Z"), false).expect("due");
        assert_eq!((due.run, due.skipped.len()), (Some(at("2026-03-01T09:00:00Z")), MAX_SKIPPED));
    }

    #[test]
    fn what_would_come_too_late_is_left_out_and_recorded() {
        let daily = Cron::parse("0 9 * * *", chrono_tz::UTC).expect("a schedule");
        let yesterday = Some(at("2026-03-01T09:00:00Z"));
        let due = FOUR_HOURS.due(&daily, yesterday, at("2026-03-02T13:00:00Z"), false).expect("due");
        assert_eq!(due, Filling { run: Some(at("2026-03-02T09:00:00Z")), skipped: Vec::new() });
        let due = FOUR_HOURS.due(&daily, yesterday, at("2026-03-02T13:00:01Z"), false).expect("due");
        assert_eq!(due, Filling { run: None, skipped: vec![(at("2026-03-02T09:00:00Z"), LATE)] });
    }

    #[test]
    fn what_is_due_during_a_run_waits_or_is_left_out() {
        let (filled, now) = (Some(at("2026-03-01T06:00:00Z")), at("2026-03-01T07:00:00Z"));
        let waits = ONCE.due(&hourly(), filled, now, true).expect("due");
        assert_eq!(waits, Filling { run: Some(now), skipped: Vec::new() });
        let skips = FOUR_HOURS.due(&hourly(), filled, now, true).expect("due");
        assert_eq!(skips, Filling { run: None, skipped: vec![(now, OVERLAP)] });
    }
}
