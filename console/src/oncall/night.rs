//! What time it is where somebody lives.

use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Tz;

/// Hours of the day, by the clock on the wall, in which most people sleep: from ten in the evening until seven.
fn night(hour: u32) -> bool {
    !(7..22).contains(&hour)
}

/// The time of day there, and whether they are likely to sleep, such as `03:12 in Tokyo, most likely asleep`; nothing where
/// nobody knows the zone.
pub(crate) fn local(zone: Option<&str>, at: DateTime<Utc>) -> Option<String> {
    let zone: Tz = zone?.parse().ok()?;
    let there = at.with_timezone(&zone);
    let (clock, place) = (there.format("%H:%M"), place(zone));
    Some(match night(there.hour()) {
        true => format!("{clock} {place}, most likely asleep"),
        false => format!("{clock} {place}"),
    })
}

fn place(zone: Tz) -> String {
    match zone.name().rsplit_once('/') {
        Some((area, city)) if area != "Etc" => format!("in {}", city.replace('_', " ")),
        _ => zone.name().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn night_is_told_by_the_clock_on_the_wall_through_changes_of_it() {
        let told = |zone, at: &str| local(Some(zone), at.parse().expect("a moment"));
        assert_eq!(told("Europe/London", "2026-07-01T08:12:00Z").as_deref(), Some("09:12 in London"));
        assert_eq!(told("Asia/Tokyo", "2026-07-01T18:12:00Z").as_deref(), Some("03:12 in Tokyo, most likely asleep"));
        assert_eq!(
            told("America/New_York", "2026-07-01T02:00:00Z").as_deref(),
            Some("22:00 in New York, most likely asleep")
        );
        // Berlin's clock goes from 02:00 to 03:00 at one o'clock UTC.
        let (before, after) = ("2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z");
        assert_eq!(told("Europe/Berlin", before).as_deref(), Some("01:59 in Berlin, most likely asleep"));
        assert_eq!(told("Europe/Berlin", after).as_deref(), Some("03:00 in Berlin, most likely asleep"));
        assert_eq!(told("UTC", "2026-07-01T12:00:00Z").as_deref(), Some("12:00 UTC"));
    }

    #[test]
    fn a_zone_that_nobody_knows_tells_nothing() {
        let at = DateTime::UNIX_EPOCH;
        assert_eq!((local(None, at), local(Some("Moon/Crater"), at)), (None, None));
    }
}
