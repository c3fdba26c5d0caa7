use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::Cron;

/// Zones that turn their clocks each in their own way, and one that does not; each with two days on which it does so.
const ZONES: [(Tz, [&str; 2]); 7] = [
    (Tz::America__New_York, ["2026-03-08", "2026-11-01"]),
    (Tz::Europe__Berlin, ["2026-03-29", "2026-10-25"]),
    // By half an hour.
    (Tz::Australia__Lord_Howe, ["2026-10-04", "2026-04-05"]),
    // At midnight, so that a day begins at one, and another one has 23 o'clock twice.
    (Tz::America__Santiago, ["2026-09-06", "2026-04-04"]),
    // It once left out a whole day.
    (Tz::Pacific__Apia, ["2011-12-30", "2012-04-01"]),
    (Tz::America__Havana, ["2026-03-08", "2026-11-01"]),
    (Tz::Asia__Kolkata, ["2026-03-29", "2026-10-25"]),
];

fn cron(text: &str, zone: Tz) -> Cron {
    Cron::parse(text, zone).expect("a schedule")
}

/// The next moments after local midnight of a day, as that zone's clocks show them.
fn shown(text: &str, zone: Tz, from: &str, count: usize) -> Vec<String> {
    let cron = cron(text, zone);
    let mut at = from.parse::<DateTime<Utc>>().expect("a moment");
    let mut shown = Vec::new();
    for _ in 0..count {
        at = cron.next(at).expect("a next one");
        shown.push(at.with_timezone(&zone).format("%d %H:%M %z").to_string());
    }
    shown
}

#[test]
fn what_is_due_in_a_skipped_hour_runs_at_the_first_minute_after_it() {
    let found = shown("30 2 * * *", Tz::America__New_York, "2026-03-07T05:00:00Z", 3);
    assert_eq!(found, ["07 02:30 -0500", "08 03:00 -0400", "09 02:30 -0400"]);
    let found = shown("*/20 2 * * *", Tz::America__New_York, "2026-03-08T05:00:00Z", 2);
    assert_eq!(found, ["08 03:00 -0400", "09 02:00 -0400"]);
    let found = shown("15 0 * * *", Tz::America__Santiago, "2026-09-05T06:00:00Z", 2);
    assert_eq!(found, ["06 01:00 -0300", "07 00:15 -0300"]);
    let found = shown("10 2 * * *", Tz::Australia__Lord_Howe, "2026-10-03T00:00:00Z", 2);
    assert_eq!(found, ["04 02:30 +1100", "05 02:10 +1100"]);
}

#[test]
fn what_is_due_in_a_repeated_hour_runs_the_first_time_only() {
    let found = shown("30 1 * * *", Tz::America__New_York, "2026-10-31T12:00:00Z", 2);
    assert_eq!(found, ["01 01:30 -0400", "02 01:30 -0500"]);
    let found = shown("45 1 * * *", Tz::Australia__Lord_Howe, "2026-04-04T00:00:00Z", 2);
    assert_eq!(found, ["05 01:45 +1100", "06 01:45 +1030"]);
    let found = shown("30 23 * * *", Tz::America__Santiago, "2026-04-04T12:00:00Z", 2);
    assert_eq!(found, ["04 23:30 -0300", "05 23:30 -0400"]);
    // Asked in the middle of the second time, it does not answer with the first.
    let found = shown("30 1 * * *", Tz::America__New_York, "2026-11-01T06:10:00Z", 1);
    assert_eq!(found, ["02 01:30 -0500"]);
}

#[test]
fn what_is_due_every_hour_keeps_its_pace_in_real_time() {
    let found = shown("0 * * * *", Tz::America__New_York, "2026-11-01T04:30:00Z", 4);
    assert_eq!(found, ["01 01:00 -0400", "01 01:00 -0500", "01 02:00 -0500", "01 03:00 -0500"]);
    let found = shown("*/30 * * * *", Tz::America__New_York, "2026-03-08T06:00:00Z", 3);
    assert_eq!(found, ["08 01:30 -0500", "08 03:00 -0400", "08 03:30 -0400"]);
    let found = shown("30 * * * *", Tz::America__New_York, "2026-03-08T06:00:00Z", 2);
    assert_eq!(found, ["08 01:30 -0500", "08 03:30 -0400"]);
    let found = shown("*/30 * * * *", Tz::Australia__Lord_Howe, "2026-04-04T14:15:00Z", 3);
    assert_eq!(found, ["05 01:30 +1100", "05 01:30 +1030", "05 02:00 +1030"]);
}

#[test]
fn a_day_that_a_zone_left_out_has_no_run() {
    let found = shown("0 9 * * *", Tz::Pacific__Apia, "2011-12-29T00:00:00Z", 3);
    assert_eq!(found, ["29 09:00 -1000", "31 09:00 +1400", "01 09:00 +1400"]);
}

#[test]
fn it_reads_what_crontab_reads() {
    let from = "2026-01-01T00:00:00Z";
    assert_eq!(shown("0 9 * * 1-5", Tz::UTC, from, 3), ["01 09:00 +0000", "02 09:00 +0000", "05 09:00 +0000"]);
    assert_eq!(shown("0 9 * * mon-FRI", Tz::UTC, from, 3), shown("0 9 * * 1-5", Tz::UTC, from, 3));
    assert_eq!(shown("0 9 * * 0", Tz::UTC, from, 1), ["04 09:00 +0000"]);
    assert_eq!(shown("0 9 * * 7", Tz::UTC, from, 1), ["04 09:00 +0000"]);
    assert_eq!(
        shown("0 9 * * 5-7", Tz::UTC, from, 4),
        ["02 09:00 +0000", "03 09:00 +0000", "04 09:00 +0000", "09 09:00 +0000"]
    );
    assert_eq!(shown("5/25 0,12 1 feb *", Tz::UTC, from, 3), ["01 00:05 +0000", "01 00:30 +0000", "01 00:55 +0000"]);
    assert_eq!(shown("0 0 13 * fri", Tz::UTC, from, 3), ["02 00:00 +0000", "09 00:00 +0000", "13 00:00 +0000"]);
    // In May and in June, days 1, 11, 21 or 31 that are also Thursdays: a star with a step restricts by itself, but not instead.
    assert_eq!(shown("0 0 */10 * thu", Tz::UTC, from, 2), ["21 00:00 +0000", "11 00:00 +0000"]);
    assert_eq!(shown("0 0 29 2 *", Tz::UTC, from, 1), ["29 00:00 +0000"]);
}

#[test]
fn a_sixth_field_before_the_others_is_the_second() {
    let cron = cron("*/20 30 1 * * *", Tz::America__New_York);
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
    // Clocks repeat that hour on this day: the first time only.
    let due = cron.between(at("2026-11-01T05:30:00Z"), at("2026-11-01T09:00:00Z"));
    assert_eq!(due.into_iter().collect::<Vec<_>>(), [at("2026-11-01T05:30:20Z"), at("2026-11-01T05:30:40Z")]);
    assert!(Cron::parse("60 * * * * *", Tz::UTC).expect_err("refused").starts_with("`60` is no second"));
}

#[test]
fn what_is_wrong_is_said() {
    let refused = |text: &str| Cron::parse(text, Tz::UTC).expect_err("refused");
    assert_eq!(
        refused("0 0 * *"),
        "`0 0 * *` has 4 fields, needs five: minute hour day month weekday, such as `0 * * * *` for every hour; a sixth \
         before them is the second"
    );
    assert_eq!(
        refused("60 * * * *"),
        "`60` is no minute: it takes *, numbers from 0 to 59, ranges such as 0-2, steps such as */2, and lists of them with \
         commas"
    );
    assert!(
        refused("0 9 * * frey").starts_with("`frey` is no weekday: it takes *, numbers from 0 to 7 or sun to sat,")
    );
    assert_eq!(refused("0 9 31 2 *"), "`0 9 31 2 *` never comes: no such month has such a day");
    for text in
        ["", "@daily", "* * L * *", "5-1 * * * *", "*/0 * * * *", "+1 * * * *", "1, * * * *", "99999999999 * * * *"]
    {
        refused(text);
    }
}

/// Midnight in UTC some days around a day on which clocks turn.
fn around(day: &str, days: i64) -> DateTime<Utc> {
    let day: NaiveDate = day.parse().expect("a day");
    Utc.from_utc_datetime(&day.and_hms_opt(0, 0, 0).expect("midnight")) + TimeDelta::days(days)
}

/// Every moment from one on until another, one asked after the other.
fn walk(cron: &Cron, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let mut moments = Vec::new();
    let mut at = from;
    while let Some(next) = cron.next(at).filter(|it| *it <= until) {
        assert!(next > at, "{} goes back from {at} to {next}", cron.text());
        moments.push(next);
        at = next;
    }
    moments
}

/// Fields as people write them.
fn expression() -> impl Strategy<Value = String> {
    let minute = prop_oneof![Just("*".to_string()), (0..60u32).prop_map(|it| it.to_string()), Just("*/15".into())];
    let hour = prop_oneof![
        Just("*".to_string()),
        (0..24u32).prop_map(|it| it.to_string()),
        Just("1-3".into()),
        Just("*/2".into())
    ];
    (minute, hour).prop_map(|(minute, hour)| format!("{minute} {hour} * * *"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_daily_job_runs_once_each_local_day(hour in 0..24u32, minute in 0..60u32, place in 0..ZONES.len(), second in any::<bool>()) {
        let (zone, days) = ZONES[place];
        let day = days[usize::from(second)];
        let cron = cron(&format!("{minute} {hour} * * *"), zone);
        let moments = walk(&cron, around(day, -3), around(day, 4));
        let mut seen: Vec<NaiveDate> = moments.iter().map(|it| it.with_timezone(&zone).date_naive()).collect();
        let all = seen.len();
        seen.dedup();
        prop_assert_eq!(seen.len(), all, "twice in a day: {:?}", moments);
        let missed = seen.windows(2).filter(|it| it[1] != it[0].succ_opt().expect("a day"));
        let left_out = zone == Tz::Pacific__Apia && !second;
        prop_assert_eq!(missed.count(), usize::from(left_out), "a day without: {:?}", moments);
    }

    #[test]
    fn whatever_is_due_comes_in_order_and_the_same_however_it_is_asked(text in expression(), place in 0..ZONES.len(), second in any::<bool>()) {
        let (zone, days) = ZONES[place];
        let cron = cron(&text, zone);
        let (from, until) = (around(days[usize::from(second)], -1), around(days[usize::from(second)], 2));
        let moments = walk(&cron, from, until);
        prop_assert_eq!(&moments, &cron.between(from, until).into_iter().collect::<Vec<_>>());
        for at in moments.iter().step_by(7) {
            prop_assert_eq!(cron.next(*at - TimeDelta::seconds(1)), Some(*at));
        }
    }

    #[test]
    fn an_hourly_job_never_rests_for_much_more_than_an_hour(minute in 0..60u32, place in 0..ZONES.len(), second in any::<bool>()) {
        let (zone, days) = ZONES[place];
        let moments = walk(&cron(&format!("{minute} * * * *"), zone), around(days[usize::from(second)], -1), around(days[usize::from(second)], 2));
        let turn = if zone == Tz::Australia__Lord_Howe { 30 } else { 0 };
        for pair in moments.windows(2) {
            let minutes = (pair[1] - pair[0]).num_minutes();
            prop_assert!((60 - turn..=60 + turn).contains(&minutes), "{} minutes at {}", minutes, pair[1]);
        }
    }
}
