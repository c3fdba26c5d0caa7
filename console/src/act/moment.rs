//! Moments as people type them.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// What to type.
pub(super) const HINT: &str = "Give a moment such as 18:00, tomorrow 9:00, mon 9:00, 2026-11-24 18:00, now or +4h.";

/// The moment that these words mean in a zone, seen from `base`: a time of day alone is the next one.
pub(super) fn read(words: &str, zone: Tz, base: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let words = words.trim().to_lowercase();
    if words == "now" {
        return Some(base);
    }
    if let Some(later) = words.strip_prefix('+') {
        return base.checked_add_signed(distance(later)?);
    }
    if let Ok(exact) = DateTime::parse_from_rfc3339(&words.to_uppercase()) {
        return Some(exact.to_utc());
    }
    let here = base.with_timezone(&zone).naive_local();
    let written = ["%Y-%m-%dt%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dt%H:%M:%S"];
    if let Some(it) = written.iter().find_map(|it| NaiveDateTime::parse_from_str(&words, it).ok()) {
        return local(zone, it);
    }
    match words.split_once([' ', 't']) {
        Some((day, time)) if !time.is_empty() => local(zone, day_of(day, here.date())?.and_time(time_of(time)?)),
        _ => {
            let today = here.date().and_time(time_of(&words)?);
            let at = local(zone, today)?;
            if at > base { Some(at) } else { local(zone, today.checked_add_days(Days::new(1))?) }
        }
    }
}

/// The instant of a local time; one that the clocks skip is the first after it.
fn local(zone: Tz, at: NaiveDateTime) -> Option<DateTime<Utc>> {
    let found = zone.from_local_datetime(&at);
    let later = || zone.from_local_datetime(&(at + TimeDelta::hours(1))).earliest();
    found.earliest().or_else(later).map(|it| it.to_utc())
}

fn day_of(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    match word {
        "today" => Some(today),
        "tomorrow" => today.succ_opt(),
        _ => {
            let weekday: chrono::Weekday = word.parse().ok()?;
            // The next one: today itself is said by its name.
            today.iter_days().skip(1).take(7).find(|it| chrono::Datelike::weekday(it) == weekday)
        }
    }
}

fn time_of(word: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(word, "%H:%M").ok()
}

fn distance(word: &str) -> Option<TimeDelta> {
    let number: String = word.chars().take_while(char::is_ascii_digit).collect();
    let amount: i64 = number.parse().ok().filter(|it| *it <= 10_000)?;
    match &word[number.len()..] {
        "m" => Some(TimeDelta::minutes(amount)),
        "h" => Some(TimeDelta::hours(amount)),
        "d" => Some(TimeDelta::days(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_in_the_askers_zone() {
        let zone = chrono_tz::Europe::Berlin;
        // A Sunday, 19:00 in Berlin.
        let base: DateTime<Utc> = "2026-11-22T18:00:00Z".parse().expect("a moment");
        let cases = [
            ("now", "2026-11-22T18:00:00Z"),
            ("+4h", "2026-11-22T22:00:00Z"),
            ("20:30", "2026-11-22T19:30:00Z"),
            ("18:00", "2026-11-23T17:00:00Z"),
            ("tomorrow 9:00", "2026-11-23T08:00:00Z"),
            ("Mon 09:00", "2026-11-23T08:00:00Z"),
            ("sunday 9:00", "2026-11-29T08:00:00Z"),
            ("2026-12-24 18:00", "2026-12-24T17:00:00Z"),
            ("2026-12-24T18:00", "2026-12-24T17:00:00Z"),
            ("2026-12-24T18:00:00Z", "2026-12-24T18:00:00Z"),
            ("2026-07-01 18:00", "2026-07-01T16:00:00Z"),
            // The clocks go forward at two.
            ("2027-03-28 02:30", "2027-03-28T01:30:00Z"),
        ];
        for (words, expected) in cases {
            assert_eq!(read(words, zone, base), expected.parse().ok(), "{words}");
        }
        for wrong in ["", "soon", "25:00", "+", "+4", "+4y", "+99999999h", "2026-02-30 10:00", "someday 9:00", "é"] {
            assert_eq!(read(wrong, zone, base), None, "{wrong}");
        }
    }
}
