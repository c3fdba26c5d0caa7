//! Slack's three seconds, and Slack's own wish for fewer calls.

use std::time::Duration;

use sqlx::PgPool;

use crate::common::{Office, answered, buttons, messages, people, said};

/// Longer than a command waits for its answer, shorter than we wait for Slack.
const SLOW: Duration = Duration::from_millis(3_200);

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_late_answer_follows_its_acknowledgement_once(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let office = Office::open(&db).await;
    // From now on the program knows its own workspace, and only who Ada is is still to be asked.
    office.typed("U0GRACE", "/pin help").await;
    office.slack.slow(SLOW, 1);
    let exchange = office.slack.command("U0ADA", "/pin person grace").await;
    assert_eq!((exchange.status, exchange.body.as_str()), (Some(200), ""));
    assert!(exchange.took < Duration::from_secs(3), "{:?}", exchange.took);
    assert!(said(&answered(&office.slack, &exchange).await).starts_with("grace\n"));
    let quick = office.slack.command("U0ADA", "/pin person grace").await;
    assert!(quick.body.contains("grace"), "an answer in time comes with the acknowledgement");
    assert_eq!(messages(&office.slack, &exchange).len(), 1);
    assert_eq!(office.slack.calls("response"), 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn slack_is_not_called_again_before_it_wants_to(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    let asked = office.slack.command("U0ADA", "/pin person ada").await;
    let entry = office.slack.answer(&asked).await.expect("an answer");
    let button = &buttons(entry.message().expect("a message"))[0].0;
    office.slack.limited(Duration::from_secs(2), 1);
    let begun = std::time::Instant::now();
    let pressed = office.slack.press("U0ADA", entry.id, button).await.expect("a button");
    assert!(said(&answered(&office.slack, &pressed).await).starts_with("ada owns"));
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!((messages(&office.slack, &pressed).len(), office.slack.calls("response")), (1, 2));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_answer_that_slack_stumbles_over_is_sent_again(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::open(&db).await;
    office.typed("U0ADA", "/pin help").await;
    office.slack.broken(1);
    let exchange = office.slack.command("U0ADA", "/pin link terminal").await;
    answered(&office.slack, &exchange).await;
    assert_eq!((messages(&office.slack, &exchange).len(), office.slack.calls("response")), (1, 2));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn slack_that_limits_who_asks_gets_an_error_card_and_no_more_calls(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let office = Office::open(&db).await;
    office.typed("U0GRACE", "/pin help").await;
    office.slack.limited(Duration::from_secs(600), 1);
    for _ in 0..3 {
        let told = office.told("U0ADA", "/pin whoami").await;
        assert!(told.starts_with("✗ That did not work"), "{told}");
    }
    assert_eq!(office.slack.calls("users.info"), 2);
    assert!(office.told("U0GRACE", "/pin whoami").await.starts_with("You are grace"), "who is known is not asked for");
}
