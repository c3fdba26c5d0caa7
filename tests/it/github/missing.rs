use domain::tick::Job;
use sqlx::PgPool;

use super::Ground;
use super::ground::PAYMENTS;

const ARRIVED: &str = "select count(*) from inbox.delivery where event not like 'poll.%'";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn events_that_did_not_reach_us_are_asked_for_once(db: PgPool) {
    let ground = Ground::over(&db).await;
    let github = &ground.github;
    let pull = github.open(PAYMENTS, "ada", "Change");
    ground.applied().await;
    github.lose_webhooks(true);
    github.comment(pull, "grace", "Why not?");
    github.approve(pull, "grace");
    github.settled().await;
    github.lose_webhooks(false);
    assert_eq!(ground.count(ARRIVED).await, 1);
    let (_, note) = ground.run(Job::GithubRedeliver).await;
    assert_eq!((note.as_str(), ground.count(ARRIVED).await), ("Read 2 deliveries (2 changed).", 3));
    assert_eq!(ground.line(pull).await, "Change open unknown [] [grace approved] []");
    let (_, note) = ground.run(Job::GithubRedeliver).await;
    assert_eq!(note, "Read 2 deliveries.", "GitHub still lists the attempts that failed");
    assert!(github.events().iter().all(|it| it.statuses.len() <= 2));
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_event_that_never_arrives_is_not_asked_for_for_ever(db: PgPool) {
    let ground = Ground::over(&db).await;
    let github = &ground.github;
    github.lose_webhooks(true);
    github.open(PAYMENTS, "ada", "Change");
    github.settled().await;
    let (_, note) = ground.run(Job::GithubRedeliver).await;
    assert_eq!(note, "Read 1 deliveries (1 changed).");
    let (_, note) = ground.run(Job::GithubRedeliver).await;
    assert_eq!(note, "Read 1 deliveries.", "not again so soon");
    for _ in 0..6 {
        sqlx::query("update github.redelivery set next_at = now()").execute(&db).await.expect("a later moment");
        ground.run(Job::GithubRedeliver).await;
    }
    assert_eq!(github.events()[0].statuses.len(), 6, "once by itself, and five times since it was asked to");
    ground.end().await;
}
