//! The program ends between what it wrote down and what PagerDuty does.

use std::time::Duration;

use sqlx::PgPool;

use super::Watch;
use crate::common::{Console, said, until};

/// Nobody waits for the leases of whoever ended.
const LEASES_END: &str = "update incidents.errand set leased_until = now() where state = 'waiting';
    update auth.request set leased_until = now() where finished_at is null";

impl Watch {
    /// The program ends after it called PagerDuty and before it wrote down what came of it; another one goes on.
    pub(super) async fn ends_and_another_begins(&mut self, db: &PgPool) {
        let next = Console::start(&self.office.program).await;
        self.office.move_in(&next);
        std::mem::replace(&mut self.office.console, next).crash();
        let open = "select count(*) from incidents.errand where state = 'waiting' and sent_at is not null";
        assert_eq!(self.count(open).await, 1, "nothing was written down of what came of it");
        sqlx::raw_sql(LEASES_END).execute(db).await.expect("leases that end");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_done_just_before_the_end_is_found_and_not_done_twice(db: PgPool) {
    let mut watch = Watch::begin(&db).await;
    let id = watch.breaks().await;
    watch.told("U0ADA", "/pin whoami").await;
    watch.pagerduty.slow(Duration::from_millis(300));
    let exchange = watch.office.slack.command("U0ADA", "/pin incident ack 1").await;
    until("a look", async || (!watch.pagerduty.calls_of("GET /incidents/{id}").is_empty()).then_some(())).await;
    // What follows the look is done, and whoever asked for it ends before it is said.
    watch.pagerduty.silent(1);
    until("the change", async || {
        (watch.pagerduty.incident(&id).status == integrations::pagerduty::Status::Acknowledged).then_some(())
    })
    .await;
    watch.ends_and_another_begins(&db).await;
    watch.pagerduty.slow(Duration::ZERO);
    let answer = watch.office.slack.answer(&exchange).await.expect("an answer");
    let told = said(answer.message().expect("a message"));
    assert!(told.starts_with("✓ Acknowledged"), "{told}");
    assert_eq!(watch.callers("PUT /incidents/{id}").len(), 1);
    assert_eq!(watch.audit("acknowledge-incident").await, "ada intent, ada outcome done");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_ordered_is_done_once_by_another_program(db: PgPool) {
    let mut watch = Watch::begin(&db).await;
    let id = watch.breaks().await;
    watch.told("U0ADA", "/pin whoami").await;
    // PagerDuty is being looked at when the program ends: the order is committed, the call is not made.
    watch.pagerduty.slow(Duration::from_secs(3));
    let exchange = watch.office.slack.command("U0ADA", "/pin incident ack 1").await;
    until("a look", async || (!watch.pagerduty.calls_of("GET /incidents/{id}").is_empty()).then_some(())).await;
    let next = Console::start(&watch.office.program).await;
    watch.office.move_in(&next);
    std::mem::replace(&mut watch.office.console, next).crash();
    assert!(watch.pagerduty.calls_of("PUT /incidents/{id}").is_empty());
    watch.pagerduty.slow(Duration::ZERO);
    sqlx::raw_sql(LEASES_END).execute(&db).await.expect("leases that end");
    let answer = watch.office.slack.answer(&exchange).await.expect("an answer");
    let told = said(answer.message().expect("a message"));
    assert!(told.starts_with("✓ Acknowledged"), "{told}");
    assert_eq!(watch.callers("PUT /incidents/{id}"), [Some("ada.pd@pinconsole.example".into())]);
    watch.status(&id, "acknowledged").await;
    assert_eq!(watch.count("select count(*) from incidents.errand").await, 1);
    assert_eq!(watch.audit("acknowledge-incident").await, "ada intent, ada outcome done");
}
