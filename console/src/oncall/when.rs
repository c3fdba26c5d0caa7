//! Moments as people write them.

use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// A moment that somebody asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The moment.
    pub at: DateTime<Utc>,
    /// The zone in which it was read, where the text names none.
    pub assumed: Option<Tz>,
}

/// What can be written, for whoever wrote something else.
pub const FORMS: &str =
    "2026-08-20 03:00, 2026-08-20T03:00Z, 2026-08-20 03:00 Europe/London, tomorrow 09:00, monday 09:00, or 18:30";

/// The moment that a text means, read in `zone` where it names none. A time that a change of the clock leaves out is the one
/// right after; of a time that comes twice, it is the first.
pub fn parse(text: &str, zone: Tz, now: DateTime<Utc>) -> Option<When> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(&text.replacen(' ', "T", 1)) {
        return Some(When { at: at.to_utc(), assumed: None });
    }
    if text.eq_ignore_ascii_case("now") {
        return Some(When { at: now, assumed: None });
    }
    let (words, named) = named(text);
    let today = now.with_timezone(&named.unwrap_or(zone)).date_naive();
    let (date, time) = day_and_time(&words, today)?;
    let at = moment(date, time, named.unwrap_or(zone))?;
    Some(When { at, assumed: named.is_none().then_some(zone) })
}

/// The words without the zone at their end, and that zone.
fn named(text: &str) -> (Vec<&str>, Option<Tz>) {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let zone = |it: &str| it.parse().ok().or_else(|| it.to_uppercase().parse().ok());
    if let Some(zone) = words.last().and_then(|it| zone(it)) {
        words.pop();
        return (words, Some(zone));
    }
    if let Some(last) = words.last_mut()
        && let Some(bare) = last.strip_suffix(['Z', 'z'])
    {
        *last = bare;
        return (words, Some(Tz::UTC));
    }
    (words, None)
}

fn day_and_time(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, NaiveTime)> {
    match words {
        [one] => match one.split_once(['T', 't']).and_then(|(date, time)| Some((date.parse().ok()?, clock(time)?))) {
            Some(both) => Some(both),
            None => clock(one).map(|it| (today, it)).or_else(|| Some((day(one, today)?, NaiveTime::MIN))),
        },
        [date, time] => Some((day(date, today)?, clock(time)?)),
        _ => None,
    }
}

fn day(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    match word.to_lowercase().as_str() {
        "today" => Some(today),
        "tomorrow" => today.checked_add_days(Days::new(1)),
        "yesterday" => today.checked_sub_days(Days::new(1)),
        other => other.parse().ok().or_else(|| next(other.parse().ok()?, today)),
    }
}

/// The next such day after today.
fn next(weekday: Weekday, today: NaiveDate) -> Option<NaiveDate> {
    let ahead = (weekday.num_days_from_monday() + 7 - today.weekday().num_days_from_monday()) % 7;
    today.checked_add_days(Days::new(if ahead == 0 { 7 } else { ahead.into() }))
}

fn clock(word: &str) -> Option<NaiveTime> {
    ["%H:%M", "%H:%M:%S"].into_iter().find_map(|form| NaiveTime::parse_from_str(word, form).ok())
}

fn moment(date: NaiveDate, time: NaiveTime, zone: Tz) -> Option<DateTime<Utc>> {
    // No change of a clock in use leaves out more than a day.
    (0..=24 * 4).find_map(|quarters| {
        let wall = date.and_time(time).checked_add_signed(TimeDelta::minutes(15 * quarters))?;
        match zone.from_local_datetime(&wall) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.to_utc()),
            LocalResult::None => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, Option<&'static str>)> {
        // A Thursday; in Berlin it is half past one in the night.
        let now = "2026-08-19T23:30:00Z".parse().expect("a moment");
        let found = parse(text, chrono_tz::Europe::Berlin, now)?;
        Some((found.at.format("%m-%d %H:%M").to_string(), found.assumed.map(|it| it.name())))
    }

    #[test]
    fn a_time_with_a_zone_is_taken_by_its_word() {
        for text in ["2026-08-20T03:00:00Z", "2026-08-20 05:00:00+02:00", "2026-08-20 03:00 utc", "2026-08-20T03:00Z"] {
            assert_eq!(read(text), Some(("08-20 03:00".into(), None)), "{text}");
        }
        assert_eq!(read("2026-08-20 03:00 Asia/Tokyo"), Some(("08-19 18:00".into(), None)));
    }

    #[test]
    fn a_time_without_one_is_read_in_the_askers() {
        let berlin = Some("Europe/Berlin");
        for (text, at) in [
            ("2026-08-20 03:00", "08-20 01:00"),
            ("2026-08-20T03:00:30", "08-20 01:00"),
            ("2026-08-20", "08-19 22:00"),
            ("tomorrow 09:00", "08-21 07:00"),
            ("Yesterday 9:00", "08-19 07:00"),
            ("18:30", "08-20 16:30"),
            ("thursday 10:00", "08-27 08:00"),
            ("fri 10:00", "08-21 08:00"),
        ] {
            assert_eq!(read(text), Some((at.into(), berlin)), "{text}");
        }
    }

    #[test]
    fn a_time_that_no_clock_showed_is_the_one_right_after_and_one_that_came_twice_the_first() {
        assert_eq!(read("2026-03-29 02:30").map(|it| it.0).as_deref(), Some("03-29 01:00"));
        assert_eq!(read("2026-10-25 02:30").map(|it| it.0).as_deref(), Some("10-25 00:30"));
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in
            ["", "soon", "25:00", "2026-02-30", "2026-08-20 noon", "1 2 3", "999999-01-01 00:00 x", "09:00 Moon/Crater"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
