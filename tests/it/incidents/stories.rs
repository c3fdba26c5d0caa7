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
    // Nothing happens twice within a millisecond, which is all that events tell.
    let moment = || tokio::time::sleep(Duration::from_millis(3));
    ground.pagerduty.acknowledge(&id, "PADA");
    moment().await;
    ground.pagerduty.note(&id, "PADA", "rolling back");
    moment().await;
    ground.pagerduty.reassign(&id, "PADA", &["PGRACE"]);
    moment().await;
    ground.pagerduty.resolve(&id, "PGRACE");
    ground.applied().await;
    assert_eq!(ground.line(&id).await.as_deref(), Some("Payments fail resolved []"));
    let log = ground.log(&id).await;
    assert_eq!(
        log,
        [
            "triggered payments-api",
            "acknowledged Ada",
            "annotated Ada rolling back",
            "reassigned Ada",
            "resolved Grace"
        ]
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
    let sorted = |mut it: Vec<String>| {
        it.sort();
        it
    };
    // The log tells seconds only, so that what is of one second has no order.
    let log = sorted(ground.log(&moved).await);
    assert_eq!(log, ["acknowledged Ada", "annotated Ada found it", "triggered payments-api"]);
    assert_eq!(sorted(ground.log(&over).await), ["resolved Grace", "triggered payments-api"]);
    let count = "select count(*) from inbox.delivery where event like 'poll.%'";
    let before = ground.count(count).await;
    ground.poll().await;
    assert_eq!(ground.count(count).await, before, "the same reading again writes nothing");
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_first_reading_tells_of_what_is_open_and_of_nothing_that_is_over(db: PgPool) {
    let ground = Ground::over(&db).await;
    ground.pagerduty.lose_webhooks(true);
    let over = ground.pagerduty.trigger("PSVC1", "Fees fail", Urgency::High);
    ground.pagerduty.resolve(&over, "PADA");
    ground.pagerduty.trigger("PSVC1", "Payments fail", Urgency::High);
    ground.poll().await;
    let told = "select count(*) from notify.message where card::text like $1 and thread_of is null";
    let told = async |title: &str| -> i64 {
        sqlx::query_scalar(told).bind(format!("%{title}%")).fetch_one(&db).await.expect("a count")
    };
    assert!(told("Payments fail").await > 0, "somebody has to know");
    assert_eq!(told("Fees fail").await, 0);
    ground.end().await;
}
