//! PagerDuty answers badly, late, or not at all.

use std::time::Duration;

use integrations::fake::slack::Visibility;
use sqlx::PgPool;

use super::Watch;
use crate::common::until;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_done_without_an_answer_is_found_and_not_done_twice(db: PgPool) {
    let watch = Watch::begin(&db).await;
    watch.breaks().await;
    for (typed, route) in [
        ("/pin incident note 1 found it", "POST /incidents/{id}/notes"),
        ("/pin incident ack 1", "PUT /incidents/{id}"),
        ("/pin incident snooze 1 1h", "POST /incidents/{id}/snooze"),
    ] {
        if typed.contains("snooze") {
            until("an acknowledge", async || {
                let known = "select count(*) from incidents.incident where status = 'acknowledged'";
                (watch.count(known).await == 1).then_some(())
            })
            .await;
        }
        let looks = watch.pagerduty.calls_of("GET /incidents/{id}").len();
        watch.pagerduty.slow(Duration::from_millis(200));
        let exchange = watch.office.slack.command("U0ADA", typed).await;
        until("a look", async || (watch.pagerduty.calls_of("GET /incidents/{id}").len() > looks).then_some(())).await;
        // The look went out whole; what follows it is done, and never answered.
        tokio::time::sleep(Duration::from_millis(50)).await;
        watch.pagerduty.ambiguous(1);
        watch.office.slack.answer(&exchange).await.expect("an answer");
        watch.pagerduty.slow(Duration::ZERO);
        until("an end", async || {
            (watch.count("select count(*) from incidents.errand where state = 'waiting'").await == 0).then_some(())
        })
        .await;
        assert_eq!(watch.pagerduty.calls_of(route).len(), 1, "{typed}");
    }
    assert_eq!(watch.count("select count(*) from incidents.errand where state = 'done'").await, 3);
    assert_eq!(watch.audit("annotate-incident").await, "ada intent, ada outcome done");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_takes_long_is_under_way_and_told_by_message(db: PgPool) {
    let watch = Watch::begin(&db).await;
    watch.breaks().await;
    watch.pagerduty.slow(Duration::from_millis(1_500));
    let begun = std::time::Instant::now();
    let told = watch.told("U0ADA", "/pin incident ack 1").await;
    assert!(told.starts_with("Under way") && begun.elapsed() < Duration::from_secs(3), "{told}");
    let message = until("a message", async || {
        let all = watch.office.slack.transcript().into_iter();
        let direct = all.filter(|it| matches!(it.visibility, Visibility::Direct { .. }));
        let mut words = direct.filter_map(|it| it.message()?["text"].as_str().map(String::from));
        words.find(|it| it.starts_with("✓ Acknowledged"))
    });
    assert!(message.await.contains("#1 Payments fail"));
    assert_eq!(watch.pagerduty.calls_of("PUT /incidents/{id}").len(), 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_pagerduty_does_not_take_now_is_tried_again(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let id = watch.breaks().await;
    watch.pagerduty.fail_next(3, 500);
    let told = watch.told("U0ADA", "/pin incident ack 1").await;
    assert!(told.starts_with("Under way") || told.starts_with("✓ Acknowledged"), "{told}");
    watch.status(&id, "acknowledged").await;
    assert_eq!(watch.audit("acknowledge-incident").await, "ada intent, ada outcome done");
}
