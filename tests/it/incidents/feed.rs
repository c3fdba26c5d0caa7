use domain::incidents::{Part, Reading};
use domain::tick::Job;
use integrations::pagerduty::Urgency;
use sqlx::PgPool;

use super::{CHANNEL, Ground};

/// What was said of the road that events take, and not of the incidents that they tell.
fn of_the_feed(said: Vec<String>) -> Vec<String> {
    said.into_iter().filter(|it| it.starts_with("PagerDuty")).collect()
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_open_road_is_heard(db: PgPool) {
    let ground = Ground::over(&db).await;
    let (outcome, note) = ground.run(Job::PagerdutyFeed, 2).await;
    assert_eq!((outcome.as_str(), note.as_str()), ("done", "PagerDuty was asked for an event, and it came."));
    assert_eq!(ground.pagerduty.calls_of("POST /webhook_subscriptions/{id}/ping").len(), 1);
    assert!(Reading::of(&db, Part::Feed).await.expect("read").is_some_and(|it| it.read_at.is_some()));
    assert!(ground.said("administrators").await.is_empty());
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_silence_is_said_once_and_settled_when_it_ends(db: PgPool) {
    let ground = Ground::over(&db).await;
    ground.run(Job::PagerdutyFeed, 1).await;
    ground.pagerduty.lose_webhooks(true);
    for _ in 0..2 {
        let (outcome, note) = ground.run(Job::PagerdutyFeed, 1).await;
        assert_eq!(outcome, "failed");
        assert!(note.contains("and none came"), "{note}");
    }
    let channel = format!("slack:{CHANNEL}");
    assert_eq!(ground.said("administrators").await, ["PagerDuty's events are not heard"]);
    assert_eq!(ground.said(&channel).await, ["PagerDuty's events are not heard"]);
    let missed = ground.pagerduty.trigger("PSVC1", "Payments fail", Urgency::High);
    ground.pagerduty.lose_webhooks(false);
    ground.run(Job::PagerdutyFeed, 1).await;
    // What was missed is read at once, and may be told by now.
    for place in ["administrators", channel.as_str()] {
        assert_eq!(of_the_feed(ground.said(place).await), ["PagerDuty's events are heard again"]);
    }
    let asked = "select count(*) from schedule.tick where job = 'pagerduty' and asked_by is not null";
    assert_eq!(ground.count(asked).await, 1, "what was missed is read at once");
    ground.poll().await;
    assert_eq!(ground.line(&missed).await.as_deref(), Some("Payments fail triggered [Ada]"));
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_subscription_that_pagerduty_stopped_goes_on(db: PgPool) {
    let ground = Ground::over(&db).await;
    ground.pagerduty.disable();
    let missed = ground.pagerduty.trigger("PSVC1", "Payments fail", Urgency::High);
    let (outcome, note) = ground.run(Job::PagerdutyFeed, 1).await;
    assert_eq!(outcome, "done", "{note}");
    assert!(!ground.pagerduty.is_disabled());
    assert_eq!(of_the_feed(ground.said("administrators").await), ["PagerDuty had stopped sending events"]);
    ground.poll().await;
    assert_eq!(ground.line(&missed).await.as_deref(), Some("Payments fail triggered [Ada]"));
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_subscription_that_leads_elsewhere_is_none(db: PgPool) {
    let ground = Ground::over(&db).await;
    let elsewhere = "https://elsewhere.example/webhooks/pagerduty".parse().expect("an address");
    ground.pagerduty.receiver(elsewhere, vec!["another-secret-of-somebody".into()]);
    let (outcome, note) = ground.run(Job::PagerdutyFeed, 1).await;
    assert_eq!(outcome, "failed");
    assert!(note.contains("no webhook subscription of PagerDuty leads to http://127.0.0.1"), "{note}");
    assert_eq!(ground.said("administrators").await, ["PagerDuty's events are not heard"]);
    // Where PagerDuty cannot even be asked, nothing is certain so soon.
    ground.pagerduty.fail_next(2, 500);
    assert_eq!(ground.run(Job::PagerdutyFeed, 1).await.0, "failed");
    assert_eq!(ground.said("administrators").await.len(), 1);
    ground.end().await;
}
