//! Whoever opened it.

use domain::github::{Change, Happened, Verdict};
use sqlx::PgPool;

use super::scene::{PULL, at, comment};
use super::{ADA, BOT, GRACE, LIN, Scene};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_author_is_told_of_verdicts_and_what_to_do_about_them(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.reviews(GRACE, Verdict::ChangesRequested, "Please  name\nit.").await;
    let message = scene.messages("D0ADA").remove(0);
    assert!(message.contains("grace would like to see changes in your pull request: make them or answer"), "{message}");
    assert!(message.contains("grace wants changes") && message.contains("“Please name it.”"), "{message}");
    scene.reviews(GRACE, Verdict::Approved, "").await;
    assert_eq!(scene.answers("D0ADA"), ["✓ grace approved"]);
    let message = scene.messages("D0ADA").remove(0);
    assert!(message.contains("Your pull request can be merged: merge it."), "{message}");
    assert!(scene.messages("D0GRACE").is_empty(), "her own acts");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_review_with_twenty_comments_is_one_answer(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.reviews(LIN, Verdict::Approved, "").await;
    scene.minutes(10).await;
    scene.reviews(GRACE, Verdict::ChangesRequested, "See below").await;
    for number in 0..20 {
        scene.writes(GRACE, &format!("Nit {number}"), &[]).await;
    }
    assert_eq!(scene.answers("D0ADA"), ["! grace wants changes (20 comments)"]);
    let answer = scene.posted("D0ADA").1.remove(0);
    let words = super::scene::words(&answer);
    assert!(words.contains("“Nit 1”") && !words.contains("“Nit 2”"), "{words}");
    scene.minutes(10).await;
    scene.writes(GRACE, "And another thing", &[]).await;
    assert_eq!(scene.answers("D0ADA").len(), 2);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn checks_that_fail_are_said_once_a_head_and_taken_back_where_they_pass(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.checks(PULL, "lint", "success").await;
    scene.fails("build").await;
    let message = scene.messages("D0ADA").remove(0);
    assert!(message.contains("Your pull request failed its checks: mend it and push"), "{message}");
    scene.minutes(30).await;
    scene.fails("unit").await;
    assert!(scene.answers("D0ADA").is_empty());
    assert!(scene.messages("D0ADA")[0].contains("2 of 3 failed: build, unit"));
    scene.sql("update github.pull_request set head_sha = 'h2'").await;
    scene.checks(PULL, "build", "failure").await;
    // It passes before anybody takes the news to send.
    scene.happens(PULL, None, vec![Change::Failed { checks: vec!["build".into()] }]).await;
    scene.checks(PULL, "build", "success").await;
    scene.event(Happened { was_ready: true, ..happened(vec![Change::Passed]) }).await;
    scene.send().await;
    assert!(scene.answers("D0ADA").is_empty(), "{:?}", scene.answers("D0ADA"));
}

fn happened(changes: Vec<Change>) -> Happened {
    Happened { pull_request_id: PULL, at: at(0), by: None, changes, was_ready: false, told: true }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn conflicts_the_merge_queue_and_the_end_are_news(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.sql("update github.pull_request set mergeable = 'conflicting'").await;
    scene.plays(Some(ADA), vec![Change::Conflicts]).await;
    assert!(
        scene.messages("D0ADA")[0].contains("Your pull request conflicts with main: bring it up to date and push.")
    );
    scene.sql("update github.pull_request set mergeable = 'mergeable'").await;
    scene.reviews(GRACE, Verdict::Approved, "").await;
    scene.plays(None, vec![Change::Dequeued { reason: "CI_FAILURE".into() }]).await;
    scene.sql("update github.pull_request set state = 'merged', merged_by = 103").await;
    scene.plays(Some(LIN), vec![Change::Merged]).await;
    let expected = ["✓ grace approved", "✗ It left the merge queue: its checks failed there", "✓ lin merged it"];
    assert_eq!(scene.answers("D0ADA"), expected);
    assert_eq!(scene.messages("D0ADA").len(), 1);
    scene.plays(Some(BOT), vec![Change::Failed { checks: vec!["late".into()] }]).await;
    assert_eq!(scene.answers("D0ADA").len(), 3, "nothing more of what is over");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn that_it_can_be_merged_is_said_once(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.sql("insert into github.review (id, pull_request_id, actor_id, state, submitted_at, source_at) values (1, 401, 102, 'approved', now(), now())").await;
    scene.checks(PULL, "build", "success").await;
    scene.event(happened(vec![Change::Passed])).await;
    scene.event(Happened { was_ready: true, ..happened(vec![Change::Passed]) }).await;
    scene.send().await;
    let messages = scene.messages("D0ADA");
    assert!(messages.len() == 1 && messages[0].contains("can be merged: merge it"), "{messages:?}");
    assert!(scene.answers("D0ADA").is_empty());
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn of_programs_only_verdicts_and_failures_are_told(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.writes(BOT, "Coverage is 81 %.", &[]).await;
    scene.reviews(BOT, Verdict::Commented, "Consider this").await;
    scene.plays(Some(BOT), vec![Change::Edited, Change::Pushed]).await;
    assert!(scene.messages("D0ADA").is_empty());
    scene.reviews(BOT, Verdict::ChangesRequested, "").await;
    assert!(scene.messages("D0ADA")[0].contains("helper wants changes"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_read_of_the_past_changes_messages_and_tells_nobody(db: PgPool) {
    let scene = Scene::open(&db).await;
    let past = |changes| Happened { told: false, by: Some(GRACE), ..happened(changes) };
    scene.event(past(vec![comment("Old", &["lin-gh"])])).await;
    scene.send().await;
    assert!(scene.post.listed().await.is_empty());
    scene.asks(ADA, GRACE).await;
    scene.sql("update github.pull_request set state = 'closed'").await;
    scene.event(past(vec![Change::Closed])).await;
    scene.send().await;
    assert!(scene.messages("D0GRACE")[0].contains("closed without being merged: nothing for you to do"));
    assert!(scene.messages("D0ADA").is_empty());
}
