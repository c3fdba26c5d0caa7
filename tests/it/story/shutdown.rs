//! Signals.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use sqlx::PgPool;

use crate::common::{Office, answered, people, said, scalar, until};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_signal_lets_answers_under_way_finish(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let mut office = Office::open(&db).await;
    office.typed("U0GRACE", "/pin help").await;
    office.slack.slow(Duration::from_millis(3_500), 1);
    let exchange = office.slack.command("U0ADA", "/pin person grace").await;
    assert_eq!(exchange.body, "", "the answer is still to come");
    let begun = Instant::now();
    office.console.signal(Signal::SIGTERM);
    assert!(said(&answered(&office.slack, &exchange).await).starts_with("grace\n"));
    assert_eq!(office.console.ended().await.code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    assert_eq!(scalar::<i64>(&db, "select count(*) from usage.command").await, 2, "the last uses are recorded, too");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_second_signal_ends_at_once(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let mut office = Office::open(&db).await;
    office.typed("U0GRACE", "/pin help").await;
    office.slack.slow(Duration::from_millis(4_900), 1);
    office.slack.command("U0ADA", "/pin person grace").await;
    office.console.signal(Signal::SIGINT);
    let ending = "ending; a second signal ends at once";
    until("the first signal", async || office.console.logged(ending).into_iter().next()).await;
    office.console.signal(Signal::SIGINT);
    assert_eq!(office.console.ended().await.code(), Some(130));
    assert_eq!(office.slack.calls("response"), 0, "the answer was still to come");
}
