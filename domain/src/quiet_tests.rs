use chrono::{NaiveDate, NaiveTime, Timelike};
use chrono_tz::{America, Asia, Australia, Europe, Tz};

use super::*;

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn quiet(text: &str) -> Quiet {
    text.parse().expect("quiet hours")
}

fn living(zone: Tz) -> WorkingHours {
    WorkingHours { zone, ..WorkingHours::default() }
}

/// Until when a moment is quiet.
fn until(text: &str, zone: Tz, now: &str) -> Option<DateTime<Utc>> {
    quiet(text).until(&living(zone), moment(now))
}

#[test]
fn words_are_read_again_and_a_day_without_end_is_refused() {
    for word in ["off", "outside-work", "22:00-08:00"] {
        assert_eq!(quiet(word).to_string(), word);
    }
    for wrong in ["", "9", "9-9", "0-24", "night", "weekends"] {
        assert!(wrong.parse::<Quiet>().is_err(), "{wrong}");
    }
}

#[test]
fn a_night_is_quiet_until_its_morning() {
    let morning = Some(moment("2026-11-24T07:00:00Z"));
    assert_eq!(until("22-8", Europe::Berlin, "2026-11-23T21:00:00Z"), morning);
    assert_eq!(until("22-8", Europe::Berlin, "2026-11-24T06:59:59Z"), morning);
    assert_eq!(until("22-8", Europe::Berlin, "2026-11-24T07:00:00Z"), None);
    assert_eq!(until("22-8", Europe::Berlin, "2026-11-23T20:59:59Z"), None);
    assert_eq!(until("12-13", Asia::Kolkata, "2026-11-23T07:00:00Z"), Some(moment("2026-11-23T07:30:00Z")));
    assert_eq!(until("off", Europe::Berlin, "2026-11-23T23:00:00Z"), None);
}

#[test]
fn whoever_does_not_work_is_left_alone_until_they_do() {
    assert_eq!(until("outside-work", Europe::Berlin, "2026-11-20T16:00:00Z"), Some(moment("2026-11-23T08:00:00Z")));
    assert_eq!(until("outside-work", Europe::Berlin, "2026-11-20T15:59:00Z"), None);
}

/// Every quarter of an hour around the two days of a year on which clocks are turned, in six zones: what is shown on the wall decides,
/// and a time that comes twice is quiet both times.
#[test]
fn quiet_hours_hold_and_end_on_days_on_which_clocks_are_turned() {
    let turned = [
        (Europe::Berlin, ["2026-03-29", "2026-10-25"]),
        (America::New_York, ["2026-03-08", "2026-11-01"]),
        (Australia::Sydney, ["2026-10-04", "2026-04-05"]),
        (Australia::Lord_Howe, ["2026-10-04", "2026-04-05"]),
        (Asia::Beirut, ["2026-03-29", "2026-10-25"]),
        (America::Santiago, ["2026-09-06", "2026-04-05"]),
    ];
    for (zone, day) in turned.into_iter().flat_map(|(zone, days)| days.map(|day| (zone, day))) {
        let day: NaiveDate = day.parse().expect("a day");
        let begin = zoned::first(zone, (day - TimeDelta::days(1)).and_time(NaiveTime::MIN));
        for (from, to) in [(22, 8), (0, 7), (23, 2), (1, 3)] {
            let hours = quiet(&format!("{from}-{to}"));
            for now in (0..72 * 4).map(|it| begin + TimeDelta::minutes(15 * it)) {
                let shown = now.with_timezone(&zone).naive_local();
                let hour = shown.hour();
                let rests = if from < to { (from..to).contains(&hour) } else { hour >= from || hour < to };
                let until = hours.until(&living(zone), now);
                let told = format!("{zone} {shown} {from}-{to}: {until:?}");
                // Between the two times that a clock shows the end, what it shows is past it already; the quiet goes on.
                assert!(!rests || until.is_some(), "{told}");
                let Some(until) = until else { continue };
                let (left, end) = (until - now, until.with_timezone(&zone).naive_local());
                assert!(left > TimeDelta::zero() && left <= TimeDelta::hours(12), "{told}");
                assert!(
                    end.hour() == to || (end.hour() == to + 1 && zoned::first(zone, end) == until),
                    "{told}: {end}"
                );
                assert_eq!(hours.until(&living(zone), until), None, "{told}: it is over then");
            }
        }
    }
}
