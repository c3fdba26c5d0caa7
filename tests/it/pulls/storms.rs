use std::time::Instant;

use domain::github::Change;
use domain::outbox_list::State;
use sqlx::PgPool;

use super::scene::comment;
use super::{ADA, GRACE, Scene};

const PULLS: i64 = 500;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn checks_of_five_hundred_pull_requests_fail_at_once_in_few_messages(db: PgPool) {
    let scene = Scene::open(&db).await;
    // Of every tenth somebody was told before.
    for number in 1..=PULLS {
        scene.pull(1_000 + number, 201, i32::try_from(number).expect("a number") + 100).await;
        if number % 10 == 0 {
            scene.happens(1_000 + number, Some(GRACE), vec![comment("Hm", &[])]).await;
            scene.minutes(11).await;
        }
    }
    scene.send().await;
    let before = scene.messages("D0ADA").len();
    let began = Instant::now();
    scene.checks(1_001, "build", "failure").await;
    for number in 1..=PULLS {
        scene.happens(1_000 + number, Some(ADA), vec![Change::Failed { checks: vec!["build".into()] }]).await;
        if number % 100 == 0 {
            scene.send().await;
        }
    }
    let took = began.elapsed();
    scene.send().await;
    let (messages, answers) = scene.posted("D0ADA");
    println!("{PULLS} events in {took:?}: {} messages, {} answers", messages.len() - before, answers.len());
    assert!(messages.len() - before + answers.len() <= 20, "{} and {}", messages.len() - before, answers.len());
    let list = scene.messages("D0ADA").into_iter().find(|it| it.contains("more pull requests")).expect("a list");
    let told = messages.len() - 1 - before + answers.len();
    let told = i64::try_from(told).expect("a number");
    assert!(list.contains(&format!("News of {} more pull requests", PULLS - told)), "{list}");
    assert!(list.contains("build failed") && list.contains("… and"), "{list}");
    assert_eq!(scene.post.count(State::Dead).await + scene.post.count(State::Waiting).await, 0);
    // When it is calm again, each speaks for itself.
    scene.minutes(11).await;
    scene.happens(1_500, Some(GRACE), vec![comment("Fixed?", &[])]).await;
    scene.happens(1_499, Some(GRACE), vec![comment("Fixed?", &[])]).await;
    scene.send().await;
    let now = scene.posted("D0ADA");
    assert_eq!((now.0.len() - messages.len(), now.1.len() - answers.len()), (1, 1), "one has a message already");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_waited_while_slack_was_down_comes_together(db: PgPool) {
    let scene = Scene::open(&db).await;
    for number in 1..=30 {
        scene.pull(1_000 + number, 201, i32::try_from(number).expect("a number") + 100).await;
        scene.happens(1_000 + number, Some(GRACE), vec![comment("Hm", &[])]).await;
        // So slowly that each has a message of its own.
        scene.minutes(11).await;
    }
    scene.send().await;
    let messages = scene.messages("D0ADA");
    assert!(messages.len() == 1 && messages[0].contains("30 messages"), "{messages:?}");
}
