//! Acting on incidents, in one's own name.

use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;

use super::Watch;
use crate::common::until;

const PUT: &str = "PUT /incidents/{id}";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn one_press_acknowledges_in_the_pressers_own_name(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let id = watch.breaks().await;
    let card = watch.asked("U0ADA", "/pin incident actions 1").await;
    let hers = watch.asked("U0GRACE", "/pin incident actions 1").await;
    // Events are lost: what is known comes from the outcome.
    watch.pagerduty.settled().await;
    watch.pagerduty.lose_webhooks(true);
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let told = watch.presses("U0ADA", &card, "Acknowledge").await;
    assert!(told.starts_with("✓ Acknowledged") && told.contains("#1 Payments fail"), "{told}");
    assert_eq!(watch.callers(PUT), [Some("ada.pd@pinconsole.example".into())]);
    watch.status(&id, "acknowledged").await;
    assert_eq!(watch.audit("acknowledge-incident").await, "ada intent, ada outcome done");

    let late = watch.presses("U0GRACE", &hers, "Acknowledge").await;
    assert!(late.contains("Somebody works on it already") && late.contains("acknowledged by Ada"), "{late}");
    assert_eq!(watch.callers(PUT).len(), 1);
    // What PagerDuty answers within one second cannot be told apart; its events tell it to the millisecond.
    watch.pagerduty.lose_webhooks(false);
    let told = watch.told("U0GRACE", "/pin incident resolve 1").await;
    assert!(told.starts_with("✓ Resolved"), "{told}");
    assert_eq!(watch.callers(PUT)[1].as_deref(), Some("grace.pd@pinconsole.example"));
    watch.status(&id, "resolved").await;
    let over = watch.told("U0ADA", "/pin incident ack 1").await;
    assert!(over.contains("It is over, so nothing was done."), "{over}");
    assert_eq!((watch.callers(PUT).len(), watch.pagerduty.reopened(&id)), (2, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_was_faster_is_told_and_nothing_over_begins_anew(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let (first, second) = (watch.breaks().await, watch.breaks().await);
    let third = watch.breaks().await;
    watch.pagerduty.settled().await;
    watch.pagerduty.lose_webhooks(true);
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    watch.pagerduty.acknowledge(&first, "PGRACE");
    let told = watch.told("U0ADA", "/pin incident ack 1").await;
    assert!(told.starts_with("✓ It was acknowledged already") && told.contains("Grace Okafor"), "{told}");
    watch.pagerduty.resolve(&second, "PGRACE");
    let told = watch.told("U0ADA", "/pin incident ack 2").await;
    assert!(told.starts_with("! It is over") && told.contains("Grace Okafor"), "{told}");
    assert_eq!((watch.callers(PUT).len(), watch.pagerduty.reopened(&second)), (0, 0));
    watch.status(&second, "resolved").await;

    // Between the look and the call nothing can be kept from happening, so it is put back.
    let id = third.clone();
    watch.pagerduty.race(move |it| it.resolve(&id, "PGRACE"));
    let told = watch.told("U0ADA", "/pin incident ack 3").await;
    assert!(told.starts_with("! It is over") && told.contains("so it was resolved again"), "{told}");
    let now = watch.pagerduty.incident(&third);
    assert_eq!(json!(now.status), "resolved");
    assert_eq!(watch.audit("acknowledge-incident").await.matches("outcome refused").count(), 2);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn only_who_may_acts_and_only_whom_pagerduty_knows(db: PgPool) {
    let watch = Watch::begin(&db).await;
    watch.breaks().await;
    let refused = watch.told("U0LINUS", "/pin incident ack 1").await;
    assert!(refused.starts_with("! You may not acknowledge an incident"), "{refused}");
    assert!(
        refused.contains("No rule allows it.") && refused.contains("Payments") && refused.contains("Ada"),
        "{refused}"
    );
    let can = watch.told("U0LINUS", "/pin can i acknowledge-incident 1").await;
    assert!(can.starts_with("! No, you cannot") && can.contains("Who can") && can.contains("Ada"), "{can}");
    let can = watch.told("U0ADA", "/pin can i acknowledge-incident 1").await;
    assert!(can.contains("Whoever PagerDuty asks about an incident may act on it."), "{can}");

    sqlx::query("delete from auth.account where external_id = 'PGRACE'").execute(&db).await.expect("no account");
    let unknown = watch.told("U0GRACE", "/pin incident resolve 1").await;
    assert!(unknown.starts_with("! PagerDuty does not know you"), "{unknown}");
    assert!(unknown.contains("Ada") && unknown.contains("page component:default/payments-api"), "{unknown}");
    assert!(watch.callers(PUT).is_empty());
    assert_eq!(watch.audit("acknowledge-incident").await, "linus denial");
    assert_eq!(watch.audit("resolve-incident").await, "grace intent, grace outcome refused");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_is_asked_acts_while_the_directory_is_down(db: PgPool) {
    let watch = Watch::begin(&db).await;
    watch.breaks().await;
    watch.told("U0GRACE", "/pin whoami").await;
    sqlx::query("update catalog.run set started_at = now() - interval '2 days'")
        .execute(&db)
        .await
        .expect("old groups");
    let refused = watch.told("U0GRACE", "/pin incident ack 1").await;
    assert!(refused.contains("Groups count for 3 hours"), "{refused}");
    let told = watch.told("U0ADA", "/pin incident ack 1").await;
    assert!(told.starts_with("✓ Acknowledged"), "{told}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_calls_others_is_shown_before_it_is_done(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let id = watch.breaks().await;
    let (shown, done) = watch.confirmed("U0ADA", "/pin incident escalate 1").await;
    assert!(shown.starts_with("! Escalate #1?") && shown.contains("level 2") && shown.contains("Grace"), "{shown}");
    assert!(done.starts_with("✓ Escalated") && done.contains("Grace Okafor"), "{done}");
    until("whom it asks", async || {
        let asked = watch.count("select count(*) from incidents.assignee where member_id = 'PGRACE'").await;
        (asked == 1).then_some(())
    })
    .await;
    let top = watch.told("U0GRACE", "/pin incident escalate 1").await;
    assert!(top.starts_with("! There is no next level"), "{top}");
    let (shown, done) = watch.confirmed("U0GRACE", "/pin incident reassign 1 ada").await;
    assert!(shown.starts_with("! Reassign #1?") && done.starts_with("✓ Reassigned"), "{shown} {done}");
    until("whom it asks then", async || {
        let others = watch.count("select count(*) from incidents.assignee where member_id <> 'PADA'").await;
        (others == 0).then_some(())
    })
    .await;
    let (_, done) = watch.confirmed("U0ADA", "/pin incident add 1 grace --message \"ledger is red\"").await;
    assert!(done.starts_with("✓ They are asked to help"), "{done}");
    let asked = watch.pagerduty.calls_of("POST /incidents/{id}/responder_requests");
    assert_eq!(
        (asked[0].from.as_deref(), asked[0].body["message"].as_str()),
        (Some("ada.pd@pinconsole.example"), Some("ledger is red"))
    );
    let wrong = watch.told("U0ADA", "/pin incident reassign 1 zeppelin").await;
    assert!(wrong.starts_with("! That is not complete") && wrong.contains("zeppelin"), "{wrong}");

    let early = watch.told("U0ADA", "/pin incident snooze 1 1h").await;
    assert!(early.contains("Acknowledge it first"), "{early}");
    watch.told("U0ADA", "/pin incident ack 1").await;
    watch.status(&id, "acknowledged").await;
    let told = watch.told("U0ADA", "/pin incident snooze 1 1h").await;
    assert!(told.starts_with("✓ Snoozed"), "{told}");
    let told = watch.told("U0ADA", "/pin incident note 1 rolled back the deploy").await;
    assert!(told.starts_with("✓ Noted") && told.contains("rolled back the deploy"), "{told}");
    assert_eq!(watch.callers("POST /incidents/{id}/notes"), [Some("ada.pd@pinconsole.example".into())]);
}
