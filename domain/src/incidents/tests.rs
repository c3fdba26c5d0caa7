use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

use super::*;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).expect("a moment") + TimeDelta::minutes(minute)
}

fn incident(status: Status, minute: i64, source: &str) -> Incident {
    Incident {
        id: "Q1".into(),
        number: 4711,
        title: "Payments fail".into(),
        status,
        urgency: Urgency::High,
        priority: None,
        service_id: "PSVC1".into(),
        policy_id: Some("PEP1".into()),
        key: None,
        url: None,
        bridge_url: None,
        created_at: at(0),
        resolved_at: None,
        changed_by: None,
        source_at: at(minute),
        source_id: source.into(),
        revision: 0,
    }
}

fn shift(member: &str, starts: i64, ends: Option<i64>) -> Shift {
    let schedule_id = ends.map(|_| "PSCHED1".to_string());
    let (starts_at, ends_at) = (at(starts), ends.map(at));
    Shift { policy_id: "PEP1".into(), level: 1, schedule_id, member_id: member.into(), starts_at, ends_at }
}

async fn turns(db: &PgPool) -> Vec<(String, i64, Option<i64>)> {
    let which = Which::Policies(&["PEP1".to_string()]);
    let found = OnCall::during(db, which, (at(-10_000), at(10_000))).await.expect("turns");
    let minutes = |it: DateTime<Utc>| (it - at(0)).num_minutes();
    found
        .into_iter()
        .map(|it| (it.shift.member_id, minutes(it.shift.starts_at), it.shift.ends_at.map(minutes)))
        .collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_older_state_never_takes_the_place_of_a_newer_one(db: PgPool) {
    let mut db = db.acquire().await.expect("a connection");
    let asked = [("PADA".to_string(), "Ada".to_string())];
    let first = incident(Status::Resolved, 5, "B").write(&mut db, &[]).await.expect("written");
    assert_eq!(newest(first), (None, vec![], 1));
    assert_eq!(incident(Status::Triggered, 1, "A").write(&mut db, &asked).await.expect("written"), Written::Older);
    assert_eq!(incident(Status::Triggered, 5, "A").write(&mut db, &asked).await.expect("written"), Written::Older);
    let known = Incident::with_id(&mut *db, "Q1").await.expect("read").expect("known");
    assert_eq!((known.status, known.revision), (Status::Resolved, 1));
    let again = incident(Status::Triggered, 6, "A").write(&mut db, &asked).await.expect("written");
    assert_eq!(newest(again), (Some(Status::Resolved), vec!["PADA".into()], 2));
    let still = incident(Status::Acknowledged, 7, "A").write(&mut db, &asked).await.expect("written");
    assert_eq!(newest(still), (Some(Status::Triggered), vec![], 3));
}

/// What it was before, who is asked anew, and how often it changed.
fn newest(written: Written) -> (Option<Status>, Vec<String>, i64) {
    match written {
        Written::Newest { before, asked, incident } => (before, asked, incident.revision),
        Written::Older => panic!("a newer state is known"),
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_reading_moves_what_comes_and_keeps_what_was(pool: PgPool) {
    let mut db = pool.acquire().await.expect("a connection");
    let first = [shift("ADA", -60, Some(60)), shift("GRACE", 60, Some(180)), shift("LIN", 0, None)];
    assert_eq!(Shift::replace(&mut db, (at(0), at(1000)), &first).await.expect("replaced"), 3);
    assert_eq!(Shift::replace(&mut db, (at(0), at(1000)), &first).await.expect("replaced"), 0, "nothing changed");
    // Somebody took over at 30; the one whom the policy names itself is told with a later begin.
    let second = [shift("GRACE", 30, Some(180)), shift("LIN", 40, None)];
    assert!(Shift::replace(&mut db, (at(40), at(1000)), &second).await.expect("replaced") > 0);
    drop(db);
    let expected = [("ADA".into(), -60, Some(40)), ("LIN".into(), 0, None), ("GRACE".into(), 30, Some(180))];
    assert_eq!(turns(&pool).await, expected);
    let then = OnCall::at(&pool, &["PEP1".into()], at(10)).await.expect("turns");
    assert_eq!(then.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["ADA", "LIN"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_a_log_tells_twice_is_kept_once(db: PgPool) {
    incident(Status::Triggered, 1, "A")
        .write(&mut db.acquire().await.expect("a connection"), &[])
        .await
        .expect("written");
    let entry = |id: &str, at: DateTime<Utc>| LogEntry {
        id: id.into(),
        at,
        kind: "acknowledged".into(),
        who: Some("Ada".into()),
        member_id: Some("PADA".into()),
        text: String::new(),
    };
    assert!(entry("01EVENT", at(2) + TimeDelta::milliseconds(123)).write(&db, "Q1").await.expect("written"));
    assert!(!entry("01EVENT", at(2)).write(&db, "Q1").await.expect("written"));
    let read = [entry("RLOG", at(2)), entry("RLOG2", at(3))];
    let read: Vec<(&str, &LogEntry)> = read.iter().map(|it| ("Q1", it)).collect();
    let new = LogEntry::add(&db, &read, Origin::Reading).await.expect("written");
    assert_eq!(new, ["RLOG2".to_string()].into(), "the other is the same, by another id");
    assert!(!entry("01LATE", at(3)).write(&db, "Q1").await.expect("written"), "its event comes late");
    assert!(
        entry("01SOON", at(2) + TimeDelta::seconds(1)).write(&db, "Q1").await.expect("written"),
        "again, by an event"
    );
    assert_eq!(LogEntry::of(&db, "Q1", 1).await.expect("read").len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_policy_asks_level_by_level(db: PgPool) {
    let mut db = db.acquire().await.expect("a connection");
    let policy = Policy { id: "PEP1".into(), name: "Payments".into(), loops: 2, url: None };
    let level = |level, target| Level { level, target, delay_minutes: 30 };
    let levels = [level(1, Target::Schedule("S".into())), level(2, Target::Member("M".into()))];
    assert!(policy.write(&mut db, &levels, at(2)).await.expect("written"));
    assert!(!policy.write(&mut db, &levels[..1], at(1)).await.expect("written"), "that is older");
    assert_eq!(policy.levels(&mut *db).await.expect("read"), levels);
    assert_eq!(Policy::named(&mut *db, "PAY", 5).await.expect("read"), [policy]);
}
