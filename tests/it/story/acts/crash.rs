//! A program ends between what it wrote down and what it does.

use sqlx::PgPool;

use super::office::{Company, action, words};
use crate::common::{Console, scalar, until};

const ACCEPTED: &str = "select count(*) from schedule.tick where argument ? 'accept'";
const OPEN: &str = "select count(*) from audit.entry it where kind = 'intent'
    and not exists (select from audit.entry other where other.intent = it.number)";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_act_that_was_begun_is_finished_once_by_another_program(db: PgPool) {
    let mut company = Company::open(&db).await;
    company.shrink(20..35).await;
    let shown = company.asked("U0LINUS", "/pin sync accept").await;
    // The target is held, so that the program stops between the intent and the act.
    let mut held = db.begin().await.expect("a transaction");
    sqlx::query("select from auth.intent for update").execute(&mut *held).await.expect("the intent");
    let name = action(shown.message().expect("a message"), "Confirm");
    let exchange = company.office.slack.press("U0LINUS", shown.id, &name).await.expect("a button");
    until("an intent", async || (scalar::<i64>(&db, OPEN).await == 1).then_some(())).await;
    let next = Console::start(&company.office.program).await;
    company.office.move_in(&next);
    std::mem::replace(&mut company.office.console, next).crash();
    held.rollback().await.expect("an end");
    assert_eq!(scalar::<i64>(&db, ACCEPTED).await, 0, "it was begun, not done");
    sqlx::query("update auth.request set leased_until = now()").execute(&db).await.expect("a lease that ends");
    let done = company.answer(&exchange).await;
    assert!(words(&done).starts_with("✓ Accepted"), "{}", words(&done));
    assert_eq!(scalar::<i64>(&db, ACCEPTED).await, 1);
    let intents = "select count(*) from audit.entry where kind = 'intent' and action = 'accept-sync'";
    assert_eq!((scalar::<i64>(&db, intents).await, scalar::<i64>(&db, OPEN).await), (1, 0), "one intent, with its end");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_act_that_was_done_is_told_and_not_done_again(db: PgPool) {
    let mut company = Company::open(&db).await;
    company.shrink(20..35).await;
    let shown = company.asked("U0LINUS", "/pin sync accept").await;
    let name = action(shown.message().expect("a message"), "Confirm");
    // What came of it cannot be told for a while.
    company.office.slack.slow(std::time::Duration::from_secs(4), 1);
    let exchange = company.office.slack.press("U0LINUS", shown.id, &name).await.expect("a button");
    until("an act", async || (scalar::<i64>(&db, ACCEPTED).await == 1).then_some(())).await;
    let next = Console::start(&company.office.program).await;
    company.office.move_in(&next);
    std::mem::replace(&mut company.office.console, next).crash();
    sqlx::query("update auth.request set leased_until = now() where finished_at is null")
        .execute(&db)
        .await
        .expect("a lease that ends");
    let done = company.answer(&exchange).await;
    assert!(words(&done).starts_with("✓ Accepted"), "{}", words(&done));
    assert_eq!(scalar::<i64>(&db, ACCEPTED).await, 1);
    assert_eq!(scalar::<i64>(&db, "select count(*) from audit.entry where action = 'accept-sync'").await, 2);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_cannot_be_written_down_is_not_done(db: PgPool) {
    let company = Company::open(&db).await;
    company.shrink(20..35).await;
    let shown = company.asked("U0LINUS", "/pin sync accept").await;
    sqlx::query("alter table audit.entry rename to lost").execute(&db).await.expect("no audit");
    let failed = company.presses("U0LINUS", &shown, "Confirm").await;
    assert!(words(&failed).starts_with("✗ That did not work"), "{}", words(&failed));
    assert_eq!(scalar::<i64>(&db, ACCEPTED).await, 0);
    sqlx::query("alter table audit.lost rename to entry").execute(&db).await.expect("an audit");
    let done = company.presses("U0LINUS", &shown, "Confirm").await;
    assert!(words(&done).starts_with("✓ Accepted"), "the question is still there: {}", words(&done));
}
