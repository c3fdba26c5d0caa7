use sqlx::PgPool;

use super::scene::words;
use super::{Event, Scene};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_is_asked_next_gets_a_message_and_the_one_before_reads_who_that_is(db: PgPool) {
    let scene = Scene::open(&db).await;
    let event = Event::triggered(7, "Payments fail", &["PADA"]);
    scene.plays(&event).await;
    assert!(words(&scene.posted("D0ADA").0[0]).contains("you are asked to take this"));
    scene.plays(&event.then(300, "escalated", None).asking(&["PGRACE"])).await;
    let grace = words(&scene.posted("D0GRACE").0[0]);
    assert!(grace.contains("you are asked to take this"), "{grace}");
    let ada = words(&scene.posted("D0ADA").0[0]);
    assert!(ada.contains("Asked now: grace. Nothing to do for you."), "{ada}");
    assert_eq!((scene.posted("D0ADA").0.len(), scene.posted("D0GRACE").0.len()), (1, 1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_is_asked_again_after_others_were_gets_a_new_message(db: PgPool) {
    let scene = Scene::open(&db).await;
    let event = Event::triggered(7, "Payments fail", &["PADA"]);
    scene.plays(&event).await;
    let event = event.then(300, "escalated", None).asking(&["PGRACE"]);
    scene.plays(&event).await;
    scene.minutes(6).await;
    let event = event.then(600, "escalated", None).asking(&["PADA"]);
    scene.plays(&event).await;
    assert_eq!(scene.posted("D0ADA").0.len(), 2, "policies begin anew");
    // Shortly after the last one, it is an answer below it.
    scene.plays(&event.clone().then(700, "reassigned", None).asking(&["PGRACE"])).await;
    scene.plays(&event.then(800, "reassigned", None).asking(&["PADA"])).await;
    assert_eq!((scene.posted("D0ADA").0.len(), scene.posted("D0ADA").1.len()), (2, 1));
    assert_eq!(scene.post.count(domain::outbox_list::State::Dead).await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_is_of_both_levels_hears_when_it_escalates_to_them(db: PgPool) {
    let scene = Scene::open(&db).await;
    let event = Event::triggered(7, "Payments fail", &["PADA"]);
    scene.plays(&event).await;
    let event = event.then(300, "escalated", None).asking(&["PADA", "PGRACE"]);
    scene.plays(&event).await;
    let (ada, grace) = (scene.posted("D0ADA"), scene.posted("D0GRACE"));
    assert_eq!((ada.0.len() + ada.1.len(), grace.0.len() + grace.1.len()), (2, 1));
    // That nothing happened since is no reason to be called once more.
    scene.plays(&event.then(360, "priority_updated", None)).await;
    let (ada, grace) = (scene.posted("D0ADA"), scene.posted("D0GRACE"));
    assert_eq!((ada.0.len() + ada.1.len(), grace.0.len() + grace.1.len()), (2, 1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_was_told_quietly_is_asked_when_it_becomes_urgent(db: PgPool) {
    let scene = Scene::open(&db).await;
    let event = Event::triggered(7, "Disk fills", &["PADA"]);
    scene.plays(&event.clone().quiet()).await;
    scene.plays(&event.then(60, "priority_updated", None)).await;
    assert_eq!(scene.posted("D0ADA").0.len(), 2);
    assert_eq!(scene.top("D0ADA")[1], "✗ #7 Disk fills");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn pages_that_follow_each_other_grow_one_message_and_each_is_noticed(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.plays(&Event::triggered(1, "Payments fail", &["PADA"])).await;
    scene.plays(&Event::triggered(2, "Ledger is slow", &["PADA"]).about("LEDGER", "PEP2")).await;
    assert_eq!((scene.top("D0ADA").len(), scene.threads("D0ADA")), (1, vec!["✗ #2 Ledger is slow".to_string()]));
    assert_eq!(scene.top("D0ADA"), ["✗ 2 open incidents: LEDGER, Payments API"]);
    // What comes before the next one could be sent is one answer that names them all.
    for number in 3..=6 {
        scene.happens(&Event::triggered(number, "Carts are empty", &["PADA"]).about("CARTS", "PEP3")).await;
    }
    scene.send().await;
    assert_eq!(scene.threads("D0ADA").len(), 2);
    let last = words(&scene.posted("D0ADA").1[1]);
    assert!((3..=6).all(|it| last.contains(&format!("#{it} Carts are empty"))), "{last}");
    scene.minutes(6).await;
    scene.plays(&Event::triggered(9, "Search is down", &["PADA"]).about("SEARCH", "PEP4")).await;
    assert_eq!(scene.top("D0ADA").len(), 2, "later ones are said anew");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_page_that_comes_while_the_answer_before_is_on_its_way_gets_one_of_its_own(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.plays(&Event::triggered(1, "Payments fail", &["PADA"])).await;
    scene.happens(&Event::triggered(2, "Ledger is slow", &["PADA"]).about("LEDGER", "PEP2")).await;
    // As when a sender claimed it.
    sqlx::query("update notify.message set unsure_since = now() where key like '%Q2/asked/%'")
        .execute(&db)
        .await
        .expect("claimed");
    scene.happens(&Event::triggered(3, "Carts are empty", &["PADA"]).about("CARTS", "PEP3")).await;
    scene.post.pass(60.0).await;
    scene.send().await;
    assert_eq!(scene.threads("D0ADA"), ["✗ #2 Ledger is slow", "✗ #3 Carts are empty"]);
}
