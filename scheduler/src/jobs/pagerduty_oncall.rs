//! Who can be asked, by which policies and schedules, and when: PagerDuty sends no events of these, so they are written directly.

use chrono::{DateTime, TimeDelta, Utc};
use domain::PgPool;
use domain::incidents::{Level, Member, Override, Part, Policy, Schedule, Shift, Target};
use domain::tick::Tick;
use integrations::pagerduty::{self as wire, OncallQuery, PagerDutyError, Window};

use super::pagerduty::{Found, PagerDuty, Stop, held};

/// How far ahead shifts are known.
const AHEAD: TimeDelta = TimeDelta::days(15);

/// How far ahead overrides are known: as far as PagerDuty lists them.
const OVERRIDES_AHEAD: TimeDelta = TimeDelta::days(89);

/// Schedules whose overrides are read at a time: each is a call.
const SCHEDULES: i64 = 60;

pub(super) async fn members(pagerduty: &PagerDuty, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let read_at = pagerduty.moment()?;
    let found = pagerduty.client.users().await?;
    let ids: Vec<String> = found.iter().map(|it| it.id.clone()).collect();
    let mut transaction = held(db, tick).await?;
    let mut changed = 0;
    for it in found {
        changed += u64::from(member(it).write(&mut *transaction, read_at).await?);
    }
    if !ids.is_empty() {
        changed += Member::keep_only(&mut *transaction, &ids, read_at).await?;
    }
    changed += Member::link(&mut transaction).await?;
    pagerduty.read_whole(transaction, Part::Members, read_at).await?;
    Ok(Found { read: ids.len(), changed })
}

fn member(it: wire::User) -> Member {
    Member {
        id: it.id,
        name: it.name,
        email: Some(it.email.trim().to_lowercase()).filter(|it| !it.is_empty()),
        time_zone: it.time_zone,
        url: it.html_url,
        person_id: None,
        person: None,
    }
}

pub(super) async fn policies(pagerduty: &PagerDuty, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let read_at = pagerduty.moment()?;
    let found = pagerduty.client.policies().await?;
    let ids: Vec<String> = found.iter().map(|it| it.id.clone()).collect();
    let mut transaction = held(db, tick).await?;
    let mut changed = 0;
    for it in &found {
        changed += u64::from(policy(it).write(&mut transaction, &levels(it), read_at).await?);
    }
    if !ids.is_empty() {
        changed += Policy::keep_only(&mut *transaction, &ids, read_at).await?;
    }
    pagerduty.read_whole(transaction, Part::Policies, read_at).await?;
    Ok(Found { read: found.len(), changed })
}

fn policy(it: &wire::Policy) -> Policy {
    let loops = i32::try_from(it.num_loops).unwrap_or(i32::MAX);
    Policy { id: it.id.clone(), name: it.name.clone(), loops, url: it.html_url.clone() }
}

fn levels(of: &wire::Policy) -> Vec<Level> {
    let level = |(level, rule): (i16, &wire::Rule)| {
        let delay_minutes = i32::try_from(rule.escalation_delay_in_minutes).unwrap_or(i32::MAX);
        let targets = rule.targets.iter().filter_map(target);
        targets.map(|target| Level { level, target, delay_minutes }).collect::<Vec<_>>()
    };
    (1_i16..).zip(&of.escalation_rules).flat_map(level).collect()
}

fn target(it: &wire::Reference) -> Option<Target> {
    match it {
        it if it.is("user") => Some(Target::Member(it.id.clone())),
        it if it.is("schedule") => Some(Target::Schedule(it.id.clone())),
        _ => None,
    }
}

pub(super) async fn schedules(pagerduty: &PagerDuty, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let read_at = pagerduty.moment()?;
    let found = pagerduty.client.schedules().await?;
    let ids: Vec<String> = found.iter().map(|it| it.id.clone()).collect();
    let mut transaction = held(db, tick).await?;
    let mut changed = 0;
    for it in found {
        let it = Schedule { id: it.id, name: it.name, time_zone: it.time_zone, url: it.html_url };
        changed += u64::from(it.write(&mut *transaction, read_at).await?);
    }
    if !ids.is_empty() {
        changed += Schedule::keep_only(&mut *transaction, &ids, read_at).await?;
    }
    pagerduty.read_whole(transaction, Part::Schedules, read_at).await?;
    Ok(Found { read: ids.len(), changed })
}

pub(super) async fn shifts(pagerduty: &PagerDuty, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let read_at = pagerduty.moment()?;
    let window = Window { since: read_at, until: read_at + AHEAD };
    let found = pagerduty.client.oncalls(&OncallQuery::all(window)).await?;
    let shifts: Vec<Shift> = found.into_iter().filter_map(|it| shift(it, read_at)).collect();
    let mut transaction = held(db, tick).await?;
    let changed = Shift::replace(&mut transaction, (window.since, window.until), &shifts).await?;
    pagerduty.read_whole(transaction, Part::Shifts, read_at).await?;
    Ok(Found { read: shifts.len(), changed })
}

fn shift(it: wire::Oncall, read_at: DateTime<Utc>) -> Option<Shift> {
    Some(Shift {
        policy_id: it.escalation_policy.id,
        level: i16::try_from(it.escalation_level).ok()?,
        schedule_id: it.schedule.map(|it| it.id),
        member_id: it.user.id,
        starts_at: it.start.unwrap_or(read_at),
        ends_at: it.end,
    })
}

pub(super) async fn overrides(pagerduty: &PagerDuty, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let read_at = pagerduty.moment()?;
    let asked_at = domain::timetable::now(db).await?;
    let window = Window { since: read_at, until: read_at + OVERRIDES_AHEAD };
    let (mut read, mut schedules) = (Vec::new(), Vec::new());
    for id in Schedule::longest_unread(db, SCHEDULES).await? {
        match pagerduty.client.overrides(&id, window).await {
            Ok(found) => read.extend(found.into_iter().map(|it| known(&id, it))),
            // It went since the schedules were read, or is of the kind that has no such list: its shifts tell all the same.
            Err(PagerDutyError::Gone | PagerDutyError::Refused { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        schedules.push(id);
    }
    let mut transaction = held(db, tick).await?;
    let mut changed = 0;
    for it in &read {
        changed += u64::from(it.write(&mut *transaction, (None, None), asked_at).await?);
    }
    let ids: Vec<String> = read.iter().map(|it| it.id.clone()).collect();
    for id in &schedules {
        let within = (window.since, window.until);
        changed += Override::gone(&mut *transaction, (id, &ids), within, asked_at).await?;
    }
    Schedule::overrides_read(&mut *transaction, &schedules).await?;
    pagerduty.read_whole(transaction, Part::Overrides, read_at).await?;
    Ok(Found { read: read.len(), changed })
}

fn known(schedule: &str, it: wire::Override) -> Override {
    Override { id: it.id, schedule_id: schedule.into(), member_id: it.user.id, starts_at: it.start, ends_at: it.end }
}
