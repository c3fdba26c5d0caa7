use futures::future::join_all;
use sqlx::PgPool;

use super::scene::{PAYMENTS, apply};
use super::{Event, Scene};

/// Incidents of one service that begin and end at once, as replicas apply them.
#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn replicas_that_apply_at_once_fold_and_draw_as_one_does(db: PgPool) {
    let scene = Scene::open(&db).await;
    let events: Vec<Event> =
        (1..=24).map(|it| Event::triggered(it, &format!("Host {it} is down"), &["PADA", "PGRACE"])).collect();
    let (db, rules) = (&scene.post.db, &scene.rules);
    let sending = scene.send();
    let (_, ()) = futures::join!(join_all(events.iter().map(|it| apply(db, rules, it))), sending);
    scene.send().await;
    assert_eq!(scene.top(PAYMENTS).len(), 2, "two of their own, of which the second takes the others up");
    assert_eq!((scene.top("D0ADA").len(), scene.top("D0GRACE").len()), (1, 1));
    let over: Vec<Event> = events.into_iter().map(|it| it.then(60, "resolved", Some("Ada Lindqvist"))).collect();
    join_all(over.iter().map(|it| apply(db, rules, it))).await;
    scene.send().await;
    let mut top = scene.top(PAYMENTS);
    top.sort();
    assert!(top[0].starts_with("✓ #") && top[1] == "✓ 23 incidents are over: Payments API", "{top:?}");
    assert_eq!(scene.top("D0ADA"), ["✓ 24 incidents are over: Payments API"]);
}
