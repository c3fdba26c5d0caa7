//! Whoever is asked to review.

use domain::github::{Change, Verdict};
use sqlx::PgPool;

use super::scene::{PULL, actor, comment};
use super::{ADA, BOT, GRACE, LIN, STRANGER, Scene};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_is_asked_gets_one_message_and_is_asked_again_in_its_thread(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asks(ADA, GRACE).await;
    let messages = scene.messages("D0GRACE");
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(messages[0].contains("asks you to review this."), "{}", messages[0]);
    assert!(scene.messages("D0ADA").is_empty(), "her own act");
    scene.reviews(GRACE, Verdict::ChangesRequested, "").await;
    assert!(scene.messages("D0GRACE")[0].contains("You asked for changes: nothing for you to do"), "it follows");
    scene.asking(PULL, ADA, GRACE, true).await;
    scene.send().await;
    assert!(scene.messages("D0GRACE")[0].contains("asks you to review this again."));
    assert_eq!(scene.answers("D0GRACE"), ["! ada asks you to review this again"]);
    assert_eq!(scene.messages("D0GRACE").len(), 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn nobody_is_told_twice_of_the_same_or_of_their_own_act(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asks(GRACE, GRACE).await;
    assert!(scene.messages("D0GRACE").is_empty(), "she asked herself");
    scene.asks(ADA, GRACE).await;
    scene.asks(ADA, GRACE).await;
    assert_eq!((scene.messages("D0GRACE").len(), scene.answers("D0GRACE").len()), (1, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_is_asked_no_longer_reads_that_there_is_nothing_to_do(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asks(ADA, GRACE).await;
    scene.asks(ADA, LIN).await;
    scene.sql("update github.review_request set gone_at = now() where target = 102").await;
    scene.plays(Some(ADA), vec![Change::Unrequested { of: actor(GRACE) }]).await;
    assert!(scene.messages("D0GRACE")[0].contains("You are not asked to review this: nothing for you to do."));
    scene.reviews(LIN, Verdict::Approved, "").await;
    assert!(
        scene.messages("D0GRACE")[0].contains("lin approved: nothing for you to do."),
        "whom it waits for no longer"
    );
    scene.sql("update github.pull_request set state = 'merged', merged_by = 101").await;
    scene.plays(Some(ADA), vec![Change::Merged]).await;
    for room in ["D0GRACE", "D0LIN"] {
        assert!(scene.messages(room)[0].contains("ada merged this: nothing for you to do."));
        assert!(scene.answers(room).is_empty(), "nobody is disturbed by that");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_over_before_it_is_sent_is_not_sent(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asking(PULL, ADA, GRACE, false).await;
    scene.sql("update github.review_request set gone_at = now()").await;
    scene.plays(Some(ADA), vec![Change::Unrequested { of: actor(GRACE) }]).await;
    assert!(scene.messages("D0GRACE").is_empty());
    scene.asks(ADA, GRACE).await;
    assert_eq!((scene.messages("D0GRACE").len(), scene.answers("D0GRACE").len()), (1, 0), "asked anew, told once");
    scene.asking(PULL, ADA, LIN, false).await;
    scene.sql("update github.pull_request set state = 'closed'").await;
    scene.plays(Some(ADA), vec![Change::Closed]).await;
    assert!(scene.messages("D0LIN").is_empty());
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_draft_that_becomes_ready_tells_who_is_asked(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.sql("update github.pull_request set draft = true").await;
    scene.asks(ADA, GRACE).await;
    assert!(scene.messages("D0GRACE")[0].contains("review this draft; it can wait"), "asked by name");
    scene.sql("update github.pull_request set draft = false").await;
    scene.plays(Some(ADA), vec![Change::Ready]).await;
    assert_eq!(scene.answers("D0GRACE"), ["! ada finished the draft: it waits for your review"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_its_author_answers_reaches_whoever_waits_for_that(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.reviews(GRACE, Verdict::ChangesRequested, "Why twice?").await;
    scene.reviews(LIN, Verdict::Approved, "").await;
    scene.writes(ADA, "Because the first one is lost.", &[]).await;
    assert!(scene.messages("D0GRACE")[0].contains("“Because the first one is lost.”"));
    assert!(scene.messages("D0LIN").is_empty(), "who approved waits for nothing");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_mention_reaches_who_is_here_and_may_see_it(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.writes(ADA, "What does @lin-gh say?", &["lin-gh", "stranger", "nobody-at-all"]).await;
    let messages = scene.messages("D0LIN");
    assert!(messages[0].contains("You are mentioned here") && messages[0].contains("“What does @lin-gh say?”"));
    let private = scene.private().await;
    for by in [ADA, BOT] {
        scene.happens(private, Some(by), vec![comment("@grace-gh?", &["grace-gh"])]).await;
    }
    scene.send().await;
    assert!(scene.messages("D0GRACE").is_empty(), "she has nothing to do with that private repository");
    scene.asking(private, ADA, GRACE, false).await;
    scene.send().await;
    scene.minutes(9).await;
    scene.happens(private, Some(STRANGER), vec![comment("@grace-gh?", &["grace-gh"])]).await;
    scene.send().await;
    assert_eq!(scene.answers("D0GRACE"), ["stranger mentioned you"], "now she has");
    // A program that mentions somebody does so for somebody.
    scene.plays(Some(BOT), vec![comment("@grace-gh?", &["grace-gh"])]).await;
    assert_eq!(scene.messages("D0GRACE").len(), 2);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_left_or_has_no_account_gets_nothing(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.sql("update org.person set disabled = true where name = 'grace'").await;
    scene.asks(ADA, GRACE).await;
    scene.asks(ADA, STRANGER).await;
    assert!(scene.post.listed().await.is_empty());
}
