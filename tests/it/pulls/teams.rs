//! Teams that are asked: rotation is theirs, so nobody of them is told who did not choose it.

use domain::github::{Change, Verdict};
use sqlx::PgPool;

use super::scene::CHANNEL;
use super::{ADA, GRACE, LIN, Scene};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_team_without_a_channel_is_told_only_by_choice(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.chooses("lin", "team-reviews", "direct").await;
    scene.asks_team(ADA).await;
    assert!(scene.messages("D0GRACE").is_empty());
    assert!(scene.messages("D0LIN")[0].contains("Your team Payments is asked to review this: whoever has time."));
    scene.sql("update github.review_request set gone_at = now()").await;
    scene.reviews(GRACE, Verdict::Approved, "").await;
    assert!(scene.messages("D0LIN")[0].contains("grace approved: nothing for you to do."));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_team_with_a_channel_has_one_message_there(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.team_talks().await;
    scene.asks_team(ADA).await;
    let messages = scene.messages(CHANNEL);
    assert_eq!(messages.len(), 1);
    assert!(messages[0].contains("asks Payments to review this: whoever has time."), "{}", messages[0]);
    assert!(scene.messages("D0GRACE").is_empty() && scene.messages("D0LIN").is_empty());
    scene.sql("update github.review_request set gone_at = now()").await;
    scene.reviews(LIN, Verdict::Approved, "").await;
    assert!(scene.messages(CHANNEL)[0].contains("lin approved: nothing to do here."));
    assert_eq!((scene.messages(CHANNEL).len(), scene.answers(CHANNEL).len()), (1, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_draft_tells_no_team_until_it_is_ready(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.team_talks().await;
    scene.chooses("grace", "team-reviews", "direct").await;
    scene.sql("update github.pull_request set draft = true").await;
    scene.asks_team(ADA).await;
    assert!(scene.post.listed().await.is_empty());
    scene.sql("update github.pull_request set draft = false").await;
    scene.plays(Some(ADA), vec![Change::Ready]).await;
    assert_eq!((scene.messages(CHANNEL).len(), scene.messages("D0GRACE").len()), (1, 1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_team_that_is_mentioned_reaches_who_chose_it(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.chooses("lin", "team-reviews", "direct").await;
    scene.writes(LIN, "As @mosaic-lane/payments said", &["mosaic-lane/payments"]).await;
    assert!(scene.messages("D0LIN").is_empty(), "Lin's own act");
    scene.writes(GRACE, "What do @mosaic-lane/payments say?", &["mosaic-lane/payments"]).await;
    assert!(scene.messages("D0LIN")[0].contains("You are mentioned here"));
    assert_eq!(scene.messages("D0GRACE").len(), 0);
}
