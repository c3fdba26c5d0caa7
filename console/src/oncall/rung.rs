//! Who is on call on each level of a policy, until when, and who is next.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::incidents::{Level, OnCall, gaps};

/// One level of a policy at a moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rung {
    pub(crate) level: i16,
    /// Minutes that it has before the next one is asked, where there is a next one.
    pub(crate) delay: Option<i32>,
    pub(crate) on: Vec<Turn>,
    /// Who begins next, where nobody is on call.
    pub(crate) first: Option<OnCall>,
    /// When nobody is on call, until the end of what was looked at.
    pub(crate) gaps: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Somebody on call, with what follows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Turn {
    pub(crate) who: OnCall,
    /// When they hand over, however many turns of theirs follow each other; never, where the policy names them itself.
    pub(crate) until: Option<DateTime<Utc>>,
    /// Who takes over, if not at once, then as the first.
    pub(crate) next: Option<OnCall>,
}

/// The levels of one policy, from its definition and its turns from `at` until `end`.
pub(crate) fn rungs(levels: &[Level], turns: &[OnCall], (at, end): (DateTime<Utc>, DateTime<Utc>)) -> Vec<Rung> {
    let last = levels.iter().map(|it| it.level).max();
    let mut by_level: BTreeMap<i16, (Option<i32>, Vec<&OnCall>)> = BTreeMap::new();
    for it in levels {
        by_level.entry(it.level).or_default().0 = (Some(it.level) != last).then_some(it.delay_minutes);
    }
    for it in turns {
        by_level.entry(it.shift.level).or_default().1.push(it);
    }
    by_level.into_iter().map(|(level, (delay, turns))| rung(level, delay, &turns, (at, end))).collect()
}

fn rung(level: i16, delay: Option<i32>, turns: &[&OnCall], time: (DateTime<Utc>, DateTime<Utc>)) -> Rung {
    let at = time.0;
    let mut on: Vec<Turn> = Vec::new();
    for who in turns.iter().filter(|it| covers(it, at)) {
        // Whoever is on a level through two schedules is there once, with the later end.
        if !on.iter().any(|it| it.who.shift.member_id == who.shift.member_id) {
            let until = handover(turns, &who.shift.member_id, at);
            let next = until.and_then(|until| after(turns, who, until));
            on.push(Turn { who: (*who).clone(), until, next });
        }
    }
    let first = turns.iter().filter(|it| it.shift.starts_at > at).min_by_key(|it| it.shift.starts_at);
    let first = first.filter(|_| on.is_empty()).map(|it| (*it).clone());
    let gaps = gaps(turns.iter().map(|it| (it.shift.starts_at, it.shift.ends_at)), time);
    Rung { level, delay, on, first, gaps }
}

fn covers(it: &OnCall, at: DateTime<Utc>) -> bool {
    it.shift.starts_at <= at && it.shift.ends_at.is_none_or(|end| end > at)
}

/// When this member, who is on call at that moment, no longer is.
pub(crate) fn handover(turns: &[&OnCall], member: &str, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let own: Vec<&&OnCall> = turns.iter().filter(|it| it.shift.member_id == member).collect();
    let mut until = at;
    while let Some(turn) = own.iter().find(|it| covers(it, until)) {
        until = turn.shift.ends_at?;
    }
    Some(until)
}

/// Who takes over from somebody: of the same schedule where they have one.
fn after(turns: &[&OnCall], from: &OnCall, until: DateTime<Utc>) -> Option<OnCall> {
    let others = turns.iter().filter(|it| it.shift.schedule_id == from.shift.schedule_id);
    let others = others.filter(|it| it.shift.ends_at.is_none_or(|end| end > until));
    let others = others.filter(|it| it.shift.member_id != from.shift.member_id || it.shift.starts_at > until);
    others.min_by_key(|it| it.shift.starts_at.max(until)).map(|it| (*it).clone())
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone};
    use chrono_tz::America::New_York;
    use domain::incidents::{Shift, Target};

    use super::*;

    fn hour(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_767_225_600, 0).expect("a moment") + TimeDelta::hours(hour)
    }

    fn turn(level: i16, member: &str, from: DateTime<Utc>, to: Option<DateTime<Utc>>) -> OnCall {
        let shift = Shift {
            policy_id: "PEP1".into(),
            level,
            schedule_id: to.map(|_| "PSCHED1".into()),
            member_id: member.into(),
            starts_at: from,
            ends_at: to,
        };
        let name = member.to_string();
        OnCall { shift, name, time_zone: None, person: None, schedule: None, overrides: false, reason: None }
    }

    fn level(level: i16) -> Level {
        Level { level, target: Target::Schedule("PSCHED1".into()), delay_minutes: 30 }
    }

    #[test]
    fn names_each_level_with_its_end_and_who_is_next() {
        let turns = [
            turn(1, "ada", hour(-5), Some(hour(10))),
            turn(1, "ada", hour(10), Some(hour(20))),
            turn(1, "grace", hour(20), Some(hour(40))),
            turn(2, "lin", hour(-90), None),
        ];
        let found = rungs(&[level(1), level(2), level(3)], &turns, (hour(0), hour(336)));
        let [one, two, three] = found.as_slice() else { panic!("three levels: {found:?}") };
        assert_eq!((one.on[0].who.name.as_str(), one.on[0].until), ("ada", Some(hour(20))), "two turns in a row");
        assert_eq!(one.on[0].next.as_ref().map(|it| it.name.as_str()), Some("grace"));
        assert_eq!((one.delay, three.delay), (Some(30), None));
        assert_eq!(one.gaps, [(hour(40), hour(336))]);
        assert_eq!((two.on[0].until, two.on[0].next.as_ref(), two.gaps.len()), (None, None, 0));
        assert!(three.on.is_empty() && three.gaps == [(hour(0), hour(336))]);
    }

    #[test]
    fn who_comes_back_after_a_break_is_who_is_next() {
        let turns = [turn(1, "ada", hour(-5), Some(hour(5))), turn(1, "ada", hour(9), Some(hour(20)))];
        let found = rungs(&[level(1)], &turns, (hour(0), hour(20)));
        assert_eq!(found[0].on[0].until, Some(hour(5)));
        assert_eq!(found[0].on[0].next.as_ref().map(|it| it.shift.starts_at), Some(hour(9)));
        let alone = rungs(&[level(1)], &turns, (hour(6), hour(20)));
        assert!(alone[0].on.is_empty() && alone[0].first.as_ref().is_some_and(|it| it.shift.starts_at == hour(9)));
    }

    /// Days of nine to nine on the wall of New York, through both changes of its clock: at each hour exactly one is on call,
    /// until nine o'clock, and the other one is next.
    #[test]
    fn a_handover_at_nine_stays_at_nine_through_changes_of_the_clock() {
        for first in [(2026, 3, 6), (2026, 10, 30)] {
            let begin = chrono::NaiveDate::from_ymd_opt(first.0, first.1, first.2).expect("a day");
            let nine = |day: u64| {
                let wall = (begin + chrono::Days::new(day)).and_hms_opt(9, 0, 0).expect("a time");
                New_York.from_local_datetime(&wall).single().expect("no change at nine").to_utc()
            };
            let name = |day: u64| if day.is_multiple_of(2) { "ada" } else { "grace" };
            let turns: Vec<OnCall> = (0..7).map(|day| turn(1, name(day), nine(day), Some(nine(day + 1)))).collect();
            let mut at = nine(0);
            while at < nine(6) {
                let found = rungs(&[level(1)], &turns, (at, nine(7)));
                let [only] = found[0].on.as_slice() else { panic!("{at}: {found:?}") };
                let until = only.until.expect("an end");
                assert_eq!(until.with_timezone(&New_York).format("%H:%M").to_string(), "09:00", "{at}");
                assert!(until > at && until - at <= TimeDelta::hours(25), "{at}");
                assert!(only.next.as_ref().is_some_and(|it| it.name != only.who.name), "{at}");
                assert_eq!(found[0].gaps, [], "{at}");
                at += TimeDelta::minutes(30);
            }
        }
    }
}
