//! Hours in which people work.

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

/// From when until when, where nobody said otherwise.
const BEGINS: u32 = 9;
const ENDS: u32 = 17;

/// Days that are looked at: no distance that is asked for lasts longer.
const DAYS: u64 = 14;

/// The moment that so much working time after another one is over, by the clock of a zone.
pub(super) fn after(at: DateTime<Utc>, mut time: TimeDelta, zone: Tz) -> DateTime<Utc> {
    let mut day = at.with_timezone(&zone).date_naive();
    for _ in 0..DAYS {
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            let clock = |hour| {
                let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
                day.and_time(time).and_local_timezone(zone).earliest().map(|it| it.with_timezone(&Utc))
            };
            // An hour that a zone leaves out is nobody's hour of work.
            if let (Some(begins), Some(ends)) = (clock(BEGINS), clock(ENDS)) {
                let from = begins.max(at);
                let left = (ends - from).max(TimeDelta::zero());
                if time <= left {
                    return from + time;
                }
                time -= left;
            }
        }
        let Some(next) = day.succ_opt() else { break };
        day = next;
    }
    at + time
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_and_weekends_do_not_count() {
        let zone = chrono_tz::Europe::Berlin;
        let after = |at: &str| after(at.parse().expect("a moment"), TimeDelta::hours(4), zone).to_rfc3339();
        // A Friday, in winter an hour ahead of UTC.
        assert_eq!(after("2026-11-20T08:00:00Z"), "2026-11-20T12:00:00+00:00");
        assert_eq!(after("2026-11-20T14:00:00Z"), "2026-11-23T10:00:00+00:00");
        assert_eq!(after("2026-11-21T03:00:00Z"), "2026-11-23T12:00:00+00:00");
        assert_eq!(after("2026-11-20T05:00:00Z"), "2026-11-20T12:00:00+00:00");
        // The clocks go back in the night to Sunday.
        assert_eq!(after("2026-10-23T13:00:00Z"), "2026-10-26T10:00:00+00:00");
    }
}
