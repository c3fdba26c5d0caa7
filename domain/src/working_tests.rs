use chrono_tz::{America, Asia, Australia, Europe};
use proptest::prelude::*;

use super::*;

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn works(zone: Tz, hours: &str, days: &str) -> WorkingHours {
    WorkingHours { zone, hours: hours.parse().expect("hours"), days: days.parse().expect("days") }
}

/// Hours, with a fraction, that somebody works between two moments.
fn between(working: WorkingHours, from: &str, to: &str) -> f64 {
    hours_between(&working, moment(from), moment(to)).num_seconds() as f64 / 3600.0
}

#[test]
fn days_and_hours_are_read_again() {
    for days in ["mon-fri", "sun-thu", "mon,wed,sat", "sat,sun", "daily", "fri", "mon-wed,fri,sat"] {
        assert_eq!(days.parse::<Days>().expect("days").to_string(), days);
    }
    assert_eq!("Monday-Friday".parse::<Days>(), Ok(Days::WEEKDAYS));
    for wrong in ["", "mo-fr", "mon-", "mon fri", "never", "mon,,tue", "äöü"] {
        assert!(wrong.parse::<Days>().is_err(), "{wrong}");
    }
    for (typed, read) in [("9-17", "09:00-17:00"), ("22:00–6:30", "22:00-06:30"), ("0-24", "00:00-00:00")] {
        assert_eq!(typed.parse::<Hours>().expect("hours").to_string(), read);
    }
    for wrong in ["", "9", "9-25", "9:5-17", "24:30-3", "9-17-18", "-9-17", "+9-17", "nine-five"] {
        assert!(wrong.parse::<Hours>().is_err(), "{wrong}");
    }
}

#[test]
fn evenings_and_weekends_do_not_count() {
    let berlin = works(Europe::Berlin, "9-17", "mon-fri");
    // Friday 16:00 to Monday 10:00, there.
    assert_eq!(between(berlin, "2026-11-20T15:00:00Z", "2026-11-23T09:00:00Z"), 2.0);
    assert_eq!(between(berlin, "2026-11-21T00:00:00Z", "2026-11-22T12:00:00Z"), 0.0);
    assert_eq!(between(berlin, "2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z"), 0.0);
    assert_eq!(between(berlin, "2026-11-24T09:00:00Z", "2026-11-23T09:00:00Z"), 0.0, "back in time");
    assert_eq!(between(works(Asia::Kolkata, "9-17", "mon-fri"), "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"), 8.0);
    let sunday = works(Asia::Dubai, "9-17", "sun-thu");
    assert_eq!(between(sunday, "2026-11-20T00:00:00Z", "2026-11-22T20:00:00Z"), 8.0, "Sunday counts, Friday does not");
}

#[test]
fn a_night_shift_belongs_to_the_day_on_which_it_begins() {
    let nights = works(Europe::Berlin, "22-6", "fri");
    assert_eq!(between(nights, "2026-11-20T12:00:00Z", "2026-11-22T12:00:00Z"), 8.0);
    assert_eq!(between(nights, "2026-11-21T04:00:00Z", "2026-11-22T12:00:00Z"), 1.0);
}

#[test]
fn days_on_which_clocks_are_turned_have_the_hours_that_they_have() {
    // Zone, the day in spring, the day in autumn, and by how much the clocks are turned.
    let turned = [
        (Europe::Berlin, "2026-03-29", "2026-10-25", 1.0),
        (America::New_York, "2026-03-08", "2026-11-01", 1.0),
        (Australia::Sydney, "2026-10-04", "2026-04-05", 1.0),
        (Australia::Lord_Howe, "2026-10-04", "2026-04-05", 0.5),
        (Asia::Beirut, "2026-03-29", "2026-10-24", 1.0),
        (America::Santiago, "2026-09-06", "2026-04-04", 1.0),
    ];
    for (zone, spring, autumn, by) in turned {
        for (day, length) in [(spring, 24.0 - by), (autumn, 24.0 + by)] {
            let day: chrono::NaiveDate = day.parse().expect("a day");
            let (from, to) = zoned::span(zone, day, (NaiveTime::MIN, NaiveTime::MIN));
            let hours = |hours| hours_between(&works(zone, hours, "daily"), from, to).num_seconds() as f64 / 3600.0;
            assert_eq!([hours("0-24"), hours("9-17")], [length, 8.0], "{zone} {day}");
            // The hour is skipped or comes twice between one and five, or around midnight.
            assert_eq!(hours("22-6") + hours("6-22"), length, "{zone} {day}");
        }
    }
}

proptest! {
    #[test]
    fn parts_of_a_time_sum_up_to_the_whole(
        zone in 0..chrono_tz::TZ_VARIANTS.len(), from in 1_700_000_000_i64..1_900_000_000, parts in proptest::array::uniform2(0_i64..4_000_000),
        hours in (0_u32..24, 0_u32..24), days in 1_u8..128,
    ) {
        let time = |it| NaiveTime::from_hms_opt(it, 0, 0).expect("an hour");
        let working = WorkingHours { zone: chrono_tz::TZ_VARIANTS[zone], hours: Hours { from: time(hours.0), to: time(hours.1) }, days: Days(days) };
        let at = |it| DateTime::from_timestamp(it, 0).expect("a moment");
        let (a, b, c) = (at(from), at(from + parts[0]), at(from + parts[0] + parts[1]));
        let sum = hours_between(&working, a, b) + hours_between(&working, b, c);
        prop_assert_eq!(hours_between(&working, a, c), sum);
        prop_assert!(sum <= c - a && sum >= TimeDelta::zero());
    }
}
