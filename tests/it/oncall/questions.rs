//! Anything leads to who is on call.

use domain::incidents::{LogEntry, Status};
use sqlx::PgPool;

use super::Ground;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn anything_leads_through_the_catalog_to_who_is_on_call(db: PgPool) {
    let ground = Ground::new(&db).await;
    for typed in [
        "oncall PTBYLMM",
        "oncall service:PTBYLMM",
        "oncall policy:PEPORD",
        "oncall orders on call",
        "oncall Orders primary",
        "oncall component:default/orders-api",
        "oncall orders-api",
        "oncall https://github.com/mosaic-lane/orders/blob/main/orders-api/src/main.rs",
        "oncall mosaic-lane/orders/orders-api/src/main.rs",
        "oncall orders-api/src/main.rs",
        "/oncall orders-api alerts",
    ] {
        let told = ground.told("ada", typed).await;
        assert!(told.contains("1. Ada") && told.contains("2. Lin Outside"), "{typed}: {told}");
        assert!(told.contains(&format!("until {}", ground.at(4))), "{typed}: {told}");
        assert!(told.contains("then Grace") && told.contains("in London"), "{typed}: {told}");
        assert!(told.contains(&format!("{} to {}", ground.at(240), ground.at(264))), "the gap: {typed}: {told}");
        assert!(told.contains("PagerDuty read"), "{typed}: {told}");
    }
    let path = ground.told("ada", "oncall orders-api/src/main.rs").await;
    assert!(path.contains("It belongs to orders-api, whose folder is orders-api/."), "{path}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn where_nobody_is_on_call_for_any_what_is_called_exactly_so_is_meant(db: PgPool) {
    let ground = Ground::new(&db).await;
    let told = ground.told("ada", "oncall payments").await;
    assert!(!told.contains("Which") && told.contains("On call for Payments"), "{told}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_names_no_service_is_answered_by_its_system_or_owner_and_says_so(db: PgPool) {
    let ground = Ground::new(&db).await;
    let told = ground.told("ada", "oncall resource:default/orders-db").await;
    assert!(told.contains("names no PagerDuty service of its own") && told.contains("1. Ada"), "{told}");
    let team = ground.told("ada", "oncall group:orders").await;
    assert!(team.contains("Labels") && team.contains("1. nobody") && team.contains("1. Ada"), "{team}");
    let none = ground.told("ada", "oncall zeppelin").await;
    assert!(none.contains("Neither PagerDuty nor the catalog has anything called zeppelin"), "{none}");
    let meant = ground.card("ada", "oncall ordrs").await;
    assert!(!meant.actions.is_empty(), "{meant:?}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn another_moment_is_answered_from_kept_shifts_or_not_at_all(db: PgPool) {
    let ground = Ground::new(&db).await;
    let then = (ground.now + chrono::TimeDelta::hours(5)).to_rfc3339();
    let told = ground.told("ada", &format!("oncall orders-api --at {then}")).await;
    assert!(told.contains("1. Grace") && told.contains(&format!("As of {}", ground.at(5))), "{told}");
    let past = ground.now - chrono::TimeDelta::hours(30);
    // Ada's zone is London's; the terminal tells UTC.
    let wall = past.with_timezone(&chrono_tz::Europe::London).format("%Y-%m-%d %H:%M");
    let told = ground.told("ada", &format!("oncall orders-api --at {wall}")).await;
    assert!(told.contains("1. Ada") && told.contains("read in your zone, Europe/London"), "{told}");
    assert!(told.contains("PinConsole has read shifts since"), "{told}");
    let long = ground.told("adubois", "oncall orders-api --at 2020-01-01 10:00").await;
    assert!(long.contains("Who was on call then is not known here") && !long.contains("1. "), "{long}");
    assert!(long.contains("read as UTC, since your zone is not known here"), "{long}");
    let wrong = ground.told("ada", "oncall orders-api --at soonish").await;
    assert!(wrong.contains("soonish is no time"), "{wrong}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_person_learns_what_they_are_on_call_for_and_when_next(db: PgPool) {
    let ground = Ground::new(&db).await;
    let me = ground.told("ada", "oncall").await;
    assert!(me.contains("is on call") && me.contains("Orders on call, level 1") && me.contains(&ground.at(4)), "{me}");
    assert!(
        me.contains(&format!("{} to {}", ground.at(264), ground.at(480))) && me.contains("Ask for anything"),
        "{me}"
    );
    let grace = ground.told("adubois", "oncall grace").await;
    assert!(grace.contains("is not on call") && grace.contains(&ground.at(4)), "{grace}");
    let nobody = ground.told("adubois", "oncall me").await;
    assert!(nobody.contains("No PagerDuty user is known of theirs"), "{nobody}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn schedules_and_gaps_are_told_for_the_next_days(db: PgPool) {
    let ground = Ground::new(&db).await;
    let turns = ground.told("ada", "oncall schedule orders").await;
    let lines: Vec<&str> = turns.lines().filter(|it| it.contains("UTC")).collect();
    assert_eq!(lines.len(), 4, "Ada, Grace, nobody, Ada: {turns}");
    assert!(lines[2].contains("nobody") && lines[2].contains("24"), "{turns}");
    let gaps = ground.told("ada", "oncall gaps").await;
    assert!(gaps.contains("2 gaps") && gaps.contains("Labels") && gaps.contains("now"), "{gaps}");
    let own = ground.told("ada", "oncall gaps orders-api").await;
    assert!(own.contains("1 gap for orders-api") && !own.contains("Labels"), "{own}");
    let all = ground.told("ada", "oncall all").await;
    assert!(all.contains("Orders on call") && all.contains("Lin Outside") && all.contains("nobody"), "{all}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn incidents_are_listed_shown_and_their_log_read(db: PgPool) {
    let ground = Ground::new(&db).await;
    for number in 1..=12 {
        ground.broken(4700 + number, Status::Triggered, "PADA").await;
    }
    ground.broken(4799, Status::Resolved, "PGRACE").await;
    let open = ground.told("ada", "incident").await;
    assert!(open.contains("12 open incidents") && open.contains("1 to 10 of 12") && !open.contains("4799"), "{open}");
    for typed in
        ["incident list orders-api --page 2", "incident list me --page 2", "incident list group:orders --page 2"]
    {
        let told = ground.told("ada", typed).await;
        assert!(told.contains("11 to 12 of 12") && told.contains("orders-api alerts"), "{typed}: {told}");
    }
    assert!(ground.told("ada", "incident list all").await.contains("13 incidents"));
    assert!(ground.told("grace", "incident list me").await.contains("0 open incidents"));
    for typed in [
        "incident 4701",
        "incident show #4701",
        "incident show Q4701",
        "incident https://acme.pagerduty.com/incidents/Q4701",
    ] {
        let told = ground.told("ada", typed).await;
        assert!(told.contains("#4701 Orders fail <4701>"), "{typed}: {told}");
    }
    let entry = LogEntry {
        id: "R1".into(),
        at: ground.now,
        kind: "annotated".into(),
        who: Some("Ada".into()),
        member_id: None,
        text: "we look at it".into(),
    };
    entry.write(&db, "Q4701").await.expect("an entry");
    let log = ground.told("ada", "incident log 4701").await;
    assert!(log.contains("Note by Ada") && log.contains("we look at it"), "{log}");
    assert!(ground.told("ada", "incident 99999").await.contains("There is no such incident"));
    let card = ground.told("ada", "catalog component:default/orders-api").await;
    assert!(card.contains("On call now") && card.contains("1. Ada") && card.contains("12 open incidents"), "{card}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_entitys_card_that_tells_who_is_on_call_is_never_told_again(db: PgPool) {
    let ground = Ground::new(&db).await;
    assert!(ground.card("ada", "catalog component:default/orders-api").await.passing);
    assert!(!ground.card("ada", "catalog resource:default/orders-db").await.passing);
}
