//! Events that could not be applied are applied again, by whoever may.

use sqlx::PgPool;

use super::Hook;
use super::pager::{paged, unknown};
use crate::common::{scalar, until};

/// An event that cannot be finished as long as the table refuses it.
async fn refused(db: &PgPool) {
    let rule = "alter table inbox.delivery add constraint refused check (state <> 'ignored' or external_id <> '01BAD')";
    sqlx::query(rule).execute(db).await.expect("a rule");
}

async fn state(db: &PgPool) -> String {
    scalar(db, "select concat_ws(' ', state, attempts) from inbox.delivery where external_id = '01BAD'").await
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn one_that_fails_is_tried_again_set_aside_and_retried_by_command(db: PgPool) {
    refused(&db).await;
    let hook = Hook::with(paged(&db)).await;
    for id in ["01GOOD", "01BAD", "01FINE"] {
        assert_eq!(hook.page(&unknown(id, id)).await.status, 202);
    }
    until("two tries", async || (state(&db).await == "pending 2").then_some(())).await;
    let last =
        "update inbox.delivery set attempts = 7, due_at = now() where external_id = '01BAD' and leased_until is null";
    until("the second try to end", async || {
        let touched = sqlx::query(last).execute(&db).await.expect("a commit").rows_affected();
        (touched == 1).then_some(())
    })
    .await;
    until("the end of its tries", async || (state(&db).await == "dead 8").then_some(())).await;
    let others: i64 = scalar(&db, "select count(*) from inbox.delivery where state = 'ignored' and attempts < 3").await;
    assert_eq!(others, 2);
    let shown = hook.program.run(&["inbox", "show", "01BAD"]).await;
    assert!(shown.out.contains("violates check constraint"), "{shown}");
    sqlx::query("alter table inbox.delivery drop constraint refused").execute(&db).await.expect("mended");
    let retried = hook.program.run(&["inbox", "retry", "01BAD"]).await;
    assert_eq!(retried.out, "1 event is tried again.\n", "{retried}");
    until("it to be applied", async || (state(&db).await == "ignored 1").then_some(())).await;
    let again = hook.program.run(&["inbox", "retry", "01BAD"]).await;
    assert!(again.code == Some(1) && again.err.contains("neither set aside nor misunderstood"), "{again}");
    assert_eq!(hook.program.run(&["inbox", "retry", "--all-dead"]).await.out, "No event was set aside.\n");
    let replayed = hook.program.run(&["inbox", "replay", "--since", "2026-01-01", "--source", "pagerduty"]).await;
    assert!(replayed.out.starts_with("3 events are applied once more."), "{replayed}");
    until("all of them", async || {
        let done = "select count(*) from inbox.delivery where state = 'ignored' and token > 1";
        (scalar::<i64>(&db, done).await == 3).then_some(())
    })
    .await;
    for wrong in [&["inbox", "replay"][..], &["inbox", "retry"], &["inbox", "replay", "01A", "--since", "2026-01-01"]] {
        assert_eq!(hook.program.run(wrong).await.code, Some(2), "{wrong:?}");
    }
    let audited: i64 = scalar(&db, "select count(*) from audit.entry where action = 'replay-delivery'").await;
    assert_eq!(audited, 2, "each time that something was done");
}
