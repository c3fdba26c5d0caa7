//! PagerDuty does not say whether it did what cannot be taken back.

use std::time::Duration;

use integrations::fake::slack::Entry;
use sqlx::PgPool;

use super::Watch;
use crate::common::until;

const PUT: &str = "PUT /incidents/{id}";
const POST: &str = "POST /schedules/{id}/overrides";
const LOOK: &str = "GET /schedules/{id}/overrides";

/// How many turns we know that somebody took over.
const TAKEN: &str = "select count(*) from incidents.override where reason = 'dentist' and made_by is not null";

async fn override_(watch: &Watch) -> Entry {
    watch.asked("U0ADA", "/pin override \"Payments primary\" +1h +4h grace --reason dentist").await
}

/// How often somebody escalated the incident, as PagerDuty's own events tell it.
async fn escalated(watch: &Watch) -> i64 {
    watch.said().await;
    watch.count("select count(*) from inbox.delivery where event = 'incident.escalated'").await
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_done_is_found_and_calls_nobody_twice(db: PgPool) {
    let watch = Watch::begin(&db).await;
    watch.breaks().await;
    let (level, turn) = (watch.asked("U0ADA", "/pin incident escalate 1").await, override_(&watch).await);
    // The look is answered; what follows it is done, and the connection breaks.
    watch.pagerduty.well_next(1);
    watch.pagerduty.ambiguous(1);
    watch.presses("U0ADA", &level, "Confirm").await;
    watch.ended().await;
    assert_eq!((watch.callers(PUT).len(), escalated(&watch).await), (1, 1));
    assert_eq!(watch.posted("D0GRACE"), ["✗ #1 Payments fail"]);
    assert_eq!(watch.audit("escalate-incident").await, "ada intent, ada outcome done");

    watch.pagerduty.ambiguous(1);
    watch.presses("U0ADA", &turn, "Confirm").await;
    watch.ended().await;
    assert_eq!((watch.callers(POST).len(), watch.count(TAKEN).await), (1, 1));
    assert!(!watch.callers(LOOK).is_empty(), "it was looked for");
    assert_eq!(watch.audit("override-shift").await, "ada intent, ada outcome done");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_got_lost_is_looked_for_a_while_and_then_done_once(db: PgPool) {
    let watch = Watch::begin(&db).await;
    watch.breaks().await;
    let (level, turn) = (watch.asked("U0ADA", "/pin incident escalate 1").await, override_(&watch).await);
    watch.pagerduty.well_next(1);
    watch.pagerduty.lost(1);
    watch.presses("U0ADA", &level, "Confirm").await;
    watch.ended().await;
    assert_eq!((watch.callers(PUT).len(), escalated(&watch).await), (2, 1));
    watch.pagerduty.lost(1);
    watch.presses("U0ADA", &turn, "Confirm").await;
    watch.ended().await;
    assert_eq!((watch.callers(POST).len(), watch.count(TAKEN).await), (2, 1));
    let sent = watch.pagerduty.calls_of(POST);
    assert!(watch.callers(LOOK).len() > 2 && sent[1].at - sent[0].at > chrono::TimeDelta::seconds(5), "looked for");
    assert_eq!(watch.audit("override-shift").await, "ada intent, ada outcome done");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_turn_that_was_taken_over_just_before_the_end_is_not_taken_twice(db: PgPool) {
    let mut watch = Watch::begin(&db).await;
    let turn = override_(&watch).await;
    watch.pagerduty.silent(1);
    watch.pressed("U0ADA", &turn, "Confirm").await;
    until("the change", async || (watch.callers(POST).len() == 1).then_some(())).await;
    // It went out whole, is done, and never answered.
    tokio::time::sleep(Duration::from_millis(100)).await;
    watch.ends_and_another_begins(&db).await;
    assert_eq!(watch.count(TAKEN).await, 0, "nothing was written down of it");
    watch.ended().await;
    assert_eq!((watch.callers(POST).len(), watch.count(TAKEN).await), (1, 1));
    assert_eq!(watch.audit("override-shift").await, "ada intent, ada outcome done");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_same_once_more_is_not_taken_for_what_was_done_before(db: PgPool) {
    let watch = Watch::begin(&db).await;
    watch.breaks().await;
    let note = async |fault: &dyn Fn()| {
        watch.pagerduty.well_next(1);
        fault();
        watch.told("U0ADA", "/pin incident note 1 looking into it").await;
        watch.ended().await;
        watch.said().await;
        let noted = "select count(*) from inbox.delivery where event = 'incident.annotated'";
        (watch.callers("POST /incidents/{id}/notes").len(), watch.count(noted).await)
    };
    assert_eq!(note(&|| {}).await, (1, 1));
    assert_eq!(note(&|| watch.pagerduty.lost(1)).await, (3, 2), "it got lost and was sent again");
    assert_eq!(note(&|| watch.pagerduty.ambiguous(1)).await, (4, 3), "it was done, and is found");
    watch.pagerduty.well_next(1);
    watch.pagerduty.ambiguous(1);
    watch.told("U0ADA", "/pin incident note 1 found it").await;
    watch.ended().await;
    assert_eq!(watch.callers("POST /incidents/{id}/notes").len(), 5, "other words are another note");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_escalated_just_before_the_end_calls_nobody_twice(db: PgPool) {
    let mut watch = Watch::begin(&db).await;
    watch.breaks().await;
    let level = watch.asked("U0ADA", "/pin incident escalate 1").await;
    watch.pagerduty.well_next(1);
    watch.pagerduty.silent(1);
    watch.pressed("U0ADA", &level, "Confirm").await;
    until("the change", async || (watch.callers(PUT).len() == 1).then_some(())).await;
    // It went out whole, is done, and never answered.
    tokio::time::sleep(Duration::from_millis(100)).await;
    watch.ends_and_another_begins(&db).await;
    watch.ended().await;
    assert_eq!((watch.callers(PUT).len(), escalated(&watch).await), (1, 1));
    assert_eq!(watch.posted("D0GRACE"), ["✗ #1 Payments fail"]);
    assert_eq!(watch.audit("escalate-incident").await, "ada intent, ada outcome done");
}
