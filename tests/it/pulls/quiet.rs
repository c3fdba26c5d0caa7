//! What somebody chose not to hear.

use chrono::Utc;
use console::notifications::replay;
use domain::github::{Change, Verdict};
use domain::person::Person;
use domain::preference::Kind;
use sqlx::PgPool;
use uuid::Uuid;

use super::acts::drawn;
use super::scene::PULL;
use super::{ADA, GRACE, LIN, Scene};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_kind_that_is_off_makes_no_message_and_others_still_do(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.chooses("ada", "comments", "off").await;
    scene.writes(GRACE, "Why?", &[]).await;
    assert!(scene.messages("D0ADA").is_empty());
    scene.reviews(GRACE, Verdict::Approved, "").await;
    scene.writes(GRACE, "Still why?", &[]).await;
    assert_eq!((scene.messages("D0ADA").len(), scene.answers("D0ADA").len()), (1, 0));
    assert!(!scene.messages("D0ADA")[0].contains("Still why"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_off_is_weighed_as_what_turning_it_on_would_bring(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.chooses("ada", "comments", "off").await;
    scene.writes(GRACE, "Why?", &[]).await;
    scene.writes(LIN, "And why so?", &[]).await;
    let week = async || {
        let ada = Person::named(&db, "ada").await.expect("a database").expect("Ada");
        let sums = replay::weigh(&scene.ctx, Some(&ada), Utc::now()).await.expect("a week");
        let sum = sums[&("ada".to_owned(), Kind::Comment)];
        (sum.was, sum.direct, sum.off)
    };
    assert_eq!(week().await, (0, 0, 1), "what comes in one go is one");
    scene.chooses("ada", "comments", "direct").await;
    assert_eq!(week().await, (0, 1, 0));
    scene
        .sql(
            "insert into preferences.mute (person_id, repository_id) select id, 201 from org.person where name = 'ada'",
        )
        .await;
    assert_eq!(week().await, (0, 0, 1), "the repository is muted now");
    assert!(scene.messages("D0ADA").is_empty(), "nothing of it was sent, then or now");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_draft_is_quiet_for_its_author_but_for_what_people_say(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.sql("update github.pull_request set draft = true, mergeable = 'conflicting'").await;
    scene.fails("build").await;
    scene.plays(None, vec![Change::Conflicts]).await;
    assert!(scene.messages("D0ADA").is_empty());
    scene.writes(GRACE, "Is this the way?", &[]).await;
    assert!(scene.messages("D0ADA")[0].contains("Your pull request is a draft."));
    assert_eq!(scene.messages("D0ADA").len(), 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_wants_to_hear_of_their_drafts_does(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.sql("update github.pull_request set draft = true, mergeable = 'conflicting'").await;
    scene.fails("build").await;
    let ada = Person::named(&db, "ada").await.expect("a database").expect("Ada");
    scene.chooses("ada", "drafts", "direct").await;
    let sums = replay::weigh(&scene.ctx, Some(&ada), Utc::now()).await.expect("a week");
    let sum = sums[&("ada".to_owned(), Kind::Draft)];
    assert_eq!((sum.was, sum.direct), (0, 1), "what the choice would have brought");
    // What fails on what is no draft any more is another kind.
    scene.chooses("ada", "checks", "off").await;
    scene.plays(None, vec![Change::Conflicts]).await;
    assert!(scene.messages("D0ADA")[0].contains("Your draft conflicts with main"), "{:?}", scene.messages("D0ADA"));
    scene.sql("update github.pull_request set draft = false").await;
    scene.fails("lint").await;
    assert_eq!((scene.messages("D0ADA").len(), scene.answers("D0ADA").len()), (1, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_a_draft_fails_keeps_nothing_else_from_its_author(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.sql("update github.pull_request set draft = true, mergeable = 'conflicting'").await;
    let approved = Change::Reviewed { verdict: Verdict::Approved, text: "Fine".into(), url: None };
    scene.plays(Some(GRACE), vec![Change::Conflicts, approved]).await;
    assert!(scene.messages("D0ADA")[0].contains("approved"), "{:?}", scene.messages("D0ADA"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn why_and_less_of_this_lie_below_a_message_and_its_answers(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asks(ADA, GRACE).await;
    scene.asking(PULL, ADA, GRACE, true).await;
    scene.minutes(9).await;
    scene.asking(PULL, ADA, GRACE, true).await;
    scene.send().await;
    let (messages, answers) = scene.posted("D0GRACE");
    for entry in messages.iter().chain(&answers) {
        let message = entry.message().expect("a message").to_string();
        assert!(message.contains("You get this because you are asked to review this"), "{message}");
        assert!(message.contains("Less of this") && message.contains(" --less"), "{message}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn less_of_this_offers_to_mute_the_repository(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.writes(GRACE, "Why?", &[]).await;
    scene.minutes(9).await;
    scene.reviews(GRACE, Verdict::Approved, "").await;
    let ada = Person::named(&db, "ada").await.expect("people").expect("a person");
    let messages: Vec<Uuid> =
        sqlx::query_scalar("select id from notify.message order by created_at").fetch_all(&db).await.expect("messages");
    assert_eq!(messages.len(), 2, "a message and its answer");
    for message in &messages {
        let told = drawn(&console::why::less(&scene.ctx, &ada, Some(*message)).await.expect("a card"));
        for choice in ["notifications reviews off", "notifications --mute mosaic-lane/payments"] {
            assert!(told.contains(choice) && told.contains("Nothing is changed yet."), "{choice}: {told}");
        }
        let why = drawn(&console::why::answer(&scene.ctx, &ada, Some(*message)).await.expect("a card"));
        assert!(why.contains("notifications --mute mosaic-lane/payments"), "{why}");
    }
    let muted = console::notifications::mute(&scene.ctx, &ada, ("mosaic-lane/payments", true), Uuid::new_v4());
    assert!(drawn(&muted.await.expect("a card")).contains("You hear nothing more of mosaic-lane/payments"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_a_message_told_first_stays_in_it_when_more_comes(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.writes(GRACE, "Why once?", &["Ada-GH"]).await;
    assert!(scene.messages("D0ADA")[0].contains("“Why once?”"));
    scene.minutes(9).await;
    scene.reviews(GRACE, Verdict::Approved, "").await;
    let message = scene.messages("D0ADA").remove(0);
    assert!(message.contains("First: grace commented.") && message.contains("“Why once?”"), "{message}");
    scene.minutes(9).await;
    scene.writes(LIN, "And twice?", &[]).await;
    let message = scene.messages("D0ADA").remove(0);
    assert!(message.contains("“Why once?”") && !message.contains("And twice?"), "{message}");
    let posted = scene.posted("D0ADA").0[0].message().expect("a message").to_string();
    assert!(posted.contains("You get this because you opened this pull request"), "{posted}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn of_a_muted_repository_only_what_asks_by_name_is_told(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene
        .sql(
            "insert into preferences.mute (person_id, repository_id)
             select id, 201 from org.person where name in ('ada', 'grace')",
        )
        .await;
    scene.writes(GRACE, "Why?", &[]).await;
    scene.reviews(GRACE, Verdict::ChangesRequested, "").await;
    assert!(scene.messages("D0ADA").is_empty());
    scene.asks(ADA, GRACE).await;
    assert_eq!(scene.messages("D0GRACE").len(), 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_waits_for_the_end_of_quiet_hours_comes_as_it_is_by_then(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene
        .sql(
            "insert into preferences.rhythm (person_id, zone, quiet)
             select id, 'UTC', to_char(now() at time zone 'UTC' - interval '2 hours', 'HH24:MI') || '-'
                || to_char(now() at time zone 'UTC' + interval '2 hours', 'HH24:MI') from org.person where name = 'ada'",
        )
        .await;
    scene.reviews(GRACE, Verdict::ChangesRequested, "").await;
    scene.minutes(10).await;
    scene.reviews(GRACE, Verdict::Approved, "").await;
    assert!(scene.messages("D0ADA").is_empty());
    scene.sql("delete from preferences.rhythm").await;
    scene.sql("update notify.message set state = 'waiting', next_at = now() where state = 'held'").await;
    scene.send().await;
    let messages = scene.messages("D0ADA");
    assert!(messages.len() == 1 && messages[0].contains("can be merged: merge it"), "{messages:?}");
    assert!(scene.answers("D0ADA").is_empty(), "{:?}", scene.answers("D0ADA"));
}
