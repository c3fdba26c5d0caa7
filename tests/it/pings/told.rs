use sqlx::PgPool;

use super::scene::{PAYMENTS, words};
use super::{Event, Scene};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn one_message_moves_as_the_incident_moves_and_its_thread_tells_how(db: PgPool) {
    let scene = Scene::open(&db).await;
    let event = Event::triggered(7, "Payments fail", &["PADA"]);
    scene.plays(&event).await;
    assert_eq!(
        (scene.top(PAYMENTS), scene.top("D0ADA")),
        (vec!["✗ #7 Payments fail".to_string()], vec!["✗ #7 Payments fail".to_string()])
    );
    let event = event.then(60, "acknowledged", Some("Grace Okafor"));
    scene.plays(&event).await;
    assert!(words(&scene.posted("D0ADA").0[0]).contains("Grace Okafor acknowledged; nothing to do for you."));
    let mut event = event.then(90, "annotated", Some("Grace Okafor"));
    event.happened.2 = "It is the ledger.".into();
    scene.plays(&event).await;
    scene.plays(&event.then(120, "resolved", Some("Grace Okafor"))).await;
    assert_eq!(scene.top(PAYMENTS), ["✓ #7 Payments fail"]);
    assert_eq!(
        scene.threads(PAYMENTS),
        ["Acknowledged by Grace Okafor", "Note by Grace Okafor", "✓ Resolved by Grace Okafor"]
    );
    assert!(words(&scene.posted(PAYMENTS).1[1]).contains("It is the ledger."));
    assert!(words(&scene.posted("D0ADA").0[0]).contains("Grace Okafor resolved this; nothing to do for you."));
    assert_eq!(scene.post.slack.posted("D0ADA").len(), 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_ended_before_its_begin_was_heard_of_is_told_to_nobody(db: PgPool) {
    let scene = Scene::open(&db).await;
    let event = Event::triggered(7, "Payments fail", &["PADA"]);
    scene.plays(&event.clone().then(60, "resolved", None)).await;
    scene.plays(&event).await;
    assert!(scene.post.listed().await.is_empty());
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_taken_before_its_begin_was_heard_of_wakes_nobody(db: PgPool) {
    let scene = Scene::open(&db).await;
    let event = Event::triggered(7, "Payments fail", &["PADA"]);
    scene.plays(&event.clone().then(60, "acknowledged", Some("Ada Lindqvist"))).await;
    scene.plays(&event).await;
    assert_eq!((scene.top(PAYMENTS).len(), scene.top("D0ADA").len()), (1, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_read_of_the_past_is_told_to_nobody_and_what_happens_next_is(db: PgPool) {
    let scene = Scene::open(&db).await;
    let event = Event { told: false, ..Event::triggered(7, "Payments fail", &["PADA"]) };
    scene.plays(&event).await;
    let next = Event { told: true, ..event }.then(60, "annotated", Some("Ada Lindqvist"));
    assert!(scene.post.listed().await.is_empty());
    scene.plays(&next.clone().then(90, "acknowledged", Some("Ada Lindqvist"))).await;
    assert!(scene.post.listed().await.is_empty(), "somebody has it");
    scene.plays(&next.then(120, "escalated", None).asking(&["PGRACE"])).await;
    assert_eq!((scene.top(PAYMENTS).len(), scene.top("D0GRACE").len()), (1, 1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_older_event_changes_no_message(db: PgPool) {
    let scene = Scene::open(&db).await;
    let event = Event::triggered(7, "Payments fail", &["PADA"]);
    scene.plays(&event).await;
    scene.plays(&event.clone().then(60, "resolved", None)).await;
    let calls = scene.post.slack.calls("chat.update");
    scene.plays(&event.then(30, "acknowledged", Some("Ada Lindqvist"))).await;
    assert_eq!(scene.post.slack.calls("chat.update"), calls);
    assert_eq!(scene.top(PAYMENTS), ["✓ #7 Payments fail"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_same_event_twice_is_told_once(db: PgPool) {
    let scene = Scene::open(&db).await;
    for _ in 0..3 {
        scene.plays(&Event::triggered(7, "Payments fail", &["PADA"])).await;
    }
    assert_eq!(scene.post.slack.calls("chat.postMessage"), 2);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_can_wait_goes_after_pages(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.happens(&Event::triggered(7, "Disk fills slowly", &["PADA"]).quiet()).await;
    scene.happens(&Event::triggered(8, "Payments fail", &["PADA"])).await;
    scene.send().await;
    assert_eq!(scene.top(PAYMENTS), ["✗ #8 Payments fail", "! #7 Disk fills slowly"]);
    assert_eq!(scene.top("D0ADA"), ["✗ #8 Payments fail", "! #7 Disk fills slowly"]);
}
