use std::time::Duration;

use integrations::pagerduty::Urgency;
use sqlx::PgPool;

use super::Ground;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_happens_in_pagerduty_is_known_a_moment_later(db: PgPool) {
    let ground = Ground::over(&db).await;
    let id = ground.pagerduty.trigger("PSVC1", "Payments fail", Urgency::High);
    ground.applied().await;
    assert_eq!(ground.line(&id).await.as_deref(), Some("Payments fail triggered [Ada]"));
    ground.pagerduty.acknowledge(&id, "PADA");
    ground.pagerduty.note(&id, "PADA", "rolling back");
    ground.pagerduty.reassign(&id, "PADA", &["PGRACE"]);
    ground.pagerduty.resolve(&id, "PGRACE");
    ground.applied().await;
    assert_eq!(ground.line(&id).await.as_deref(), Some("Payments fail resolved []"));
    let log = ground.log(&id).await;
    assert_eq!(
        log,
        ["triggered", "acknowledged Ada", "annotated Ada rolling back", "reassigned Ada", "resolved Grace"]
    );
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whatever_was_lost_is_right_after_one_reading(db: PgPool) {
    let ground = Ground::over(&db).await;
    let (known, moved) = (
        ground.pagerduty.trigger("PSVC1", "Payments fail", Urgency::High),
        ground.pagerduty.trigger("PSVC1", "Refunds fail", Urgency::High),
    );
    ground.applied().await;
    ground.pagerduty.lose_webhooks(true);
    ground.pagerduty.resolve(&known, "PADA");
    ground.pagerduty.acknowledge(&moved, "PADA");
    ground.pagerduty.note(&moved, "PADA", "found it");
    let unseen = ground.pagerduty.trigger("PSVC1", "Payouts fail", Urgency::High);
    let over = ground.pagerduty.trigger("PSVC1", "Fees fail", Urgency::High);
    ground.pagerduty.resolve(&over, "PGRACE");
    ground.applied().await;
    assert_eq!(ground.line(&known).await.as_deref(), Some("Payments fail triggered [Ada]"), "nobody told us");
    // PagerDuty's clock is read to the second: what is asked in the second of an event may be from before it.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let (outcome, note) = ground.poll().await;
    assert_eq!(outcome, "done", "{note}");
    assert_eq!(ground.line(&known).await.as_deref(), Some("Payments fail resolved []"));
    assert_eq!(ground.line(&moved).await.as_deref(), Some("Refunds fail acknowledged [Ada]"));
    assert_eq!(ground.line(&unseen).await.as_deref(), Some("Payouts fail triggered [Ada]"));
    assert_eq!(ground.line(&over).await.as_deref(), Some("Fees fail resolved []"));
    assert_eq!(ground.log(&moved).await, ["triggered", "acknowledged Ada", "annotated Ada found it"]);
    // What is right stays untouched, but for the logs of what was not known when logs were read.
    ground.poll().await;
    let count = "select count(*) from inbox.delivery where event like 'poll.%'";
    let before = ground.count(count).await;
    assert_eq!(ground.log(&over).await, ["triggered", "resolved Grace"]);
    ground.poll().await;
    assert_eq!(ground.count(count).await, before, "the same reading again writes nothing");
    ground.end().await;
}
