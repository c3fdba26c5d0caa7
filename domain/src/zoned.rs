//! Clocks on the wall, safely over the days on which they are turned.

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// No clock is further from UTC than that, nor turned by more.
const FURTHEST: TimeDelta = TimeDelta::hours(52);

/// The first moment at which the clocks of a zone show this; where they skip it, the moment at which they skip.
pub fn first(zone: Tz, shown: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&shown) {
        LocalResult::Single(it) | LocalResult::Ambiguous(it, _) => it.to_utc(),
        LocalResult::None => skipped(zone, shown),
    }
}

/// The last moment at which the clocks of a zone show this; where they skip it, the moment at which they skip.
pub fn last(zone: Tz, shown: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&shown) {
        LocalResult::Single(it) | LocalResult::Ambiguous(_, it) => it.to_utc(),
        LocalResult::None => skipped(zone, shown),
    }
}

/// The first moment at which the clocks show more than what they skip.
fn skipped(zone: Tz, shown: NaiveDateTime) -> DateTime<Utc> {
    let around = shown.and_utc();
    let (mut before, mut after) = (around - FURTHEST, around + FURTHEST);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + (after - before) / 2;
        match middle.with_timezone(&zone).naive_local() < shown {
            true => before = middle,
            false => after = middle,
        }
    }
    let second = after.timestamp();
    DateTime::from_timestamp(second, 0).unwrap_or(after)
}

/// From one hour of a day to another one, which is of the next day where it is not later; two that are the same are a whole day. An
/// hour that comes twice belongs to it both times.
pub fn span(zone: Tz, day: NaiveDate, (from, to): (NaiveTime, NaiveTime)) -> (DateTime<Utc>, DateTime<Utc>) {
    let end = if to > from { Some(day) } else { day.checked_add_days(Days::new(1)) };
    (first(zone, day.and_time(from)), last(zone, end.unwrap_or(day).and_time(to)))
}

/// The day that the clocks of a zone show.
pub fn day(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Atlantic, Europe, Pacific};

    use super::*;

    fn at(shown: &str) -> NaiveDateTime {
        shown.parse().expect("a date and a time")
    }

    fn utc(moment: DateTime<Utc>) -> String {
        moment.format("%d %H:%M:%S").to_string()
    }

    #[test]
    fn what_clocks_skip_is_when_they_skip() {
        assert_eq!(utc(first(Europe::Berlin, at("2026-03-29T02:30:00"))), "29 01:00:00");
        assert_eq!(utc(last(America::New_York, at("2026-03-08T02:00:00"))), "08 07:00:00");
        assert_eq!(utc(first(America::Santiago, at("2026-09-06T00:00:00"))), "06 04:00:00", "no midnight");
        assert_eq!(utc(first(Pacific::Apia, at("2011-12-30T12:00:00"))), "30 10:00:00", "a whole day");
    }

    #[test]
    fn what_clocks_show_twice_begins_and_ends() {
        let twice = at("2026-10-25T02:30:00");
        assert_eq!([first, last].map(|it| utc(it(Europe::Berlin, twice))), ["25 00:30:00", "25 01:30:00"]);
        let once = at("2026-10-25T03:30:00");
        assert_eq!([first, last].map(|it| utc(it(Europe::Berlin, once))), ["25 02:30:00", "25 02:30:00"]);
        let midnight = at("2026-10-25T00:30:00");
        assert_eq!([first, last].map(|it| utc(it(Atlantic::Azores, midnight))), ["25 00:30:00", "25 01:30:00"]);
    }
}
