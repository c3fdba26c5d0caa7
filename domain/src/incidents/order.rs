//! Which of two states counts, where one was told by an event and the other one was read.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// For so long a reading may lag behind the events that PagerDuty sent before it.
const LAG: TimeDelta = TimeDelta::seconds(60);

/// When a reading was made, by PagerDuty's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What happened before this was over when it was read.
    pub read_at: DateTime<Utc>,
    /// When what was read changed last, to the second.
    pub updated_at: Option<DateTime<Utc>>,
}

impl Moment {
    /// Whether it counts against what is known of this time. Where that is not sure, the next reading tells.
    pub fn decides(self, known: DateTime<Utc>) -> bool {
        let second = known.duration_trunc(TimeDelta::seconds(1)).unwrap_or(known);
        let updated = self.updated_at.unwrap_or(DateTime::UNIX_EPOCH);
        // It says itself that it is newer; or it was read after, and knows of that second; or long after.
        updated > known || (self.read_at > known && updated >= second) || self.read_at > known + LAG
    }

    /// The time that what was read holds for.
    pub fn source_at(self) -> DateTime<Utc> {
        self.updated_at.map_or(self.read_at, |it| it.max(self.read_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-11-23T10:{text}Z").parse().expect("a moment")
    }

    fn decides(read_at: &str, updated_at: &str, known: &str) -> bool {
        Moment { read_at: at(read_at), updated_at: Some(at(updated_at)) }.decides(at(known))
    }

    #[test]
    fn a_reading_counts_against_what_it_must_know_of() {
        assert!(decides("01:00", "00:05", "00:05.300"), "read after, of the same second");
        assert!(decides("00:05", "00:06", "00:05.300"), "newer by its own word");
        assert!(!decides("00:05", "00:05", "00:05.300"), "read in the same second: the next reading tells");
        assert!(!decides("00:07", "00:01", "00:05.300"), "read from a copy that lags behind");
        assert!(decides("01:06", "00:01", "00:05.300"), "so long behind it cannot be");
    }

    #[test]
    fn what_it_holds_for_is_never_older_than_what_it_counts_against() {
        for (read, updated, known) in [("01:00", "00:05", "00:05.300"), ("00:05", "00:06", "00:05.300")] {
            let moment = Moment { read_at: at(read), updated_at: Some(at(updated)) };
            assert!(moment.decides(at(known)) && moment.source_at() > at(known));
        }
    }
}
