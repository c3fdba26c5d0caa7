//! PagerDuty says no to what still made sense a moment before.

use std::time::Duration;

use sqlx::PgPool;

use super::Watch;
use super::watch::CHANNEL;
use crate::common::until;

const PUT: &str = "PUT /incidents/{id}";

/// Nobody tells what happens from here on, so that what is known comes from the outcome.
async fn deaf(watch: &Watch) {
    watch.said().await;
    watch.pagerduty.lose_webhooks(true);
    // What PagerDuty answers within one second cannot be told apart.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
}

async fn outcomes(watch: &Watch) -> Vec<String> {
    sqlx::query_scalar("select action || ' ' || state from incidents.errand order by id")
        .fetch_all(&watch.db)
        .await
        .expect("errands")
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_did_it_elsewhere_in_the_same_moment_is_told_so_and_the_message_moves(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let id = watch.breaks().await;
    deaf(&watch).await;
    assert_eq!(watch.posted(CHANNEL), ["✗ #1 Payments fail"]);
    let own = id.clone();
    watch.pagerduty.race(move |it| it.acknowledge(&own, "PADA"));
    let told = watch.told("U0ADA", "/pin incident ack 1").await;
    assert!(told.starts_with("✓ It was acknowledged already") && told.contains("You did so yourself"), "{told}");
    watch.status(&id, "acknowledged").await;
    until("a message that moved", async || (watch.posted(CHANNEL)[0] == "! #1 Payments fail").then_some(())).await;
    assert_eq!(watch.audit("acknowledge-incident").await, "ada intent, ada outcome done");

    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let theirs = id.clone();
    watch.pagerduty.race(move |it| it.resolve(&theirs, "PGRACE"));
    let told = watch.told("U0ADA", "/pin incident resolve 1").await;
    assert!(told.starts_with("✓ It was resolved already") && told.contains("Grace Okafor"), "{told}");
    watch.status(&id, "resolved").await;
    until("a message that ended", async || (watch.posted(CHANNEL)[0] == "✓ #1 Payments fail").then_some(())).await;
    assert_eq!(watch.audit("resolve-incident").await, "ada intent, ada outcome done");
    assert_eq!((watch.callers(PUT).len(), watch.pagerduty.reopened(&id)), (2, 0));
    assert_eq!(outcomes(&watch).await, ["acknowledge-incident done", "resolve-incident done"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_resolved_in_the_same_moment_is_not_escalated(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let id = watch.breaks().await;
    let shown = watch.asked("U0ADA", "/pin incident escalate 1").await;
    deaf(&watch).await;
    let theirs = id.clone();
    watch.pagerduty.race(move |it| it.resolve(&theirs, "PGRACE"));
    let told = watch.presses("U0ADA", &shown, "Confirm").await;
    assert!(told.starts_with("! It is over") && told.contains("Grace Okafor"), "{told}");
    assert!(told.contains("Nothing was done."), "{told}");
    watch.status(&id, "resolved").await;
    assert_eq!(watch.audit("escalate-incident").await, "ada intent, ada outcome refused");
    assert_eq!((watch.callers(PUT).len(), outcomes(&watch).await), (1, vec!["escalate-incident refused".to_string()]));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn how_it_ended_is_read_again_and_not_taken_from_before(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let id = watch.breaks().await;
    deaf(&watch).await;
    let theirs = id.clone();
    watch.pagerduty.race(move |it| it.resolve(&theirs, "PGRACE"));
    // The look and the no arrive; the look after that does not.
    watch.pagerduty.well_next(2);
    watch.pagerduty.fail_next(1, 500);
    watch.told("U0ADA", "/pin incident resolve 1").await;
    watch.ended().await;
    watch.status(&id, "resolved").await;
    let ended: String =
        sqlx::query_scalar("select outcome::text from incidents.errand").fetch_one(&db).await.expect("one");
    assert!(ended.contains("It was resolved already") && ended.contains("Grace Okafor"), "{ended}");
    assert_eq!(watch.callers(PUT).len(), 1);
    assert_eq!(watch.audit("resolve-incident").await, "ada intent, ada outcome done");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_gone_at_pagerduty_is_said_and_not_tried_again(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let (first, second) = (watch.breaks().await, watch.breaks().await);
    deaf(&watch).await;
    watch.pagerduty.vanish(&first);
    let told = watch.told("U0ADA", "/pin incident ack 1").await;
    assert!(told.starts_with("! PagerDuty did not do that"), "{told}");
    assert!(told.contains("no such thing: it may have been deleted"), "{told}");
    assert_eq!(watch.callers(PUT).len(), 0);
    watch.pagerduty.race(move |it| it.vanish(&second));
    let told = watch.told("U0ADA", "/pin incident resolve 2").await;
    assert!(told.starts_with("! PagerDuty did not do that"), "{told}");
    assert_eq!(outcomes(&watch).await, ["acknowledge-incident refused", "resolve-incident refused"]);
    assert_eq!(watch.audit("acknowledge-incident").await, "ada intent, ada outcome refused");
    assert_eq!(watch.audit("resolve-incident").await, "ada intent, ada outcome refused");
    let calls = watch.pagerduty.count();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!((watch.callers(PUT).len(), watch.pagerduty.count()), (1, calls), "it is over");
}
