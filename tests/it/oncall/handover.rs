//! Who comes on call is told once.

use console::notify::handover::{Levels, Rules, tell};
use domain::incidents::Status;
use sqlx::PgPool;

use super::Ground;

/// Lets one replica look at this many minutes from now; how many turns it told of.
async fn look(ground: &Ground, minutes: i64, rules: Rules) -> usize {
    let mut transaction = ground.db.begin().await.expect("a transaction");
    let now = ground.now + chrono::TimeDelta::minutes(minutes);
    let told = tell(&mut transaction, &rules, now).await.expect("turns");
    transaction.commit().await.expect("a commit");
    told
}

/// What waits to be sent: key, destination and card.
async fn messages(ground: &Ground) -> Vec<(String, String, String)> {
    sqlx::query_as("select key, destination, card::text from notify.message order by key")
        .fetch_all(&ground.db)
        .await
        .expect("messages")
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_channel_and_whoever_comes_on_call_are_told_once(db: PgPool) {
    let ground = Ground::new(&db).await;
    ground.broken(4711, Status::Triggered, "PADA").await;
    assert_eq!(look(&ground, 239, Rules::default()).await, 0, "a minute before");
    let (one, two) = tokio::join!(look(&ground, 241, Rules::default()), look(&ground, 241, Rules::default()));
    assert_eq!(one + two, 1, "of two replicas one tells");
    assert_eq!(look(&ground, 242, Rules::default()).await, 0);
    let told = messages(&ground).await;
    let [(key, channel, card), (own, person, direct)] = told.as_slice() else { panic!("two messages: {told:?}") };
    assert!(key.starts_with("oncall/PEPORD/1/") && channel == "slack:#orders", "{key} {channel}");
    assert!(
        card.contains("Grace is on call for Orders on call") && card.contains(", after ") && card.contains("Ada"),
        "{card}"
    );
    assert!(own.ends_with("/PGRACE") && person.starts_with("person:"), "{own} {person}");
    assert!(direct.contains("You are on call for Orders on call") && direct.contains("#4711"), "{direct}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_goes_on_and_what_is_long_past_is_no_news(db: PgPool) {
    let ground = Ground::new(&db).await;
    assert_eq!(look(&ground, 60 * 8, Rules::default()).await, 0, "it began four hours ago");
    assert_eq!(look(&ground, 60 * 8, Rules { late_hours: 5, ..Rules::default() }).await, 1);
    ground.shifts(&[("PADA", -48, 1), ("PADA", 1, 4), ("PGRACE", 4, 30)]).await;
    assert_eq!(look(&ground, 61, Rules::default()).await, 0, "Ada goes on");
    assert_eq!(look(&ground, 60 * 264 + 1, Rules { tell: Levels::Off, ..Rules::default() }).await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_under_way_when_shifts_were_first_read_is_no_news(db: PgPool) {
    let ground = Ground::new(&db).await;
    let first = ground.now + chrono::TimeDelta::minutes(270);
    sqlx::query("update incidents.shift set seen_at = $1").bind(first).execute(&db).await.expect("an age");
    assert_eq!(look(&ground, 280, Rules::default()).await, 0);
}
