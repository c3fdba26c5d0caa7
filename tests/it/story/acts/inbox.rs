//! Events that could not be applied, in chat.

use sqlx::PgPool;

use super::office::{Company, words};
use crate::common::{scalar, squeezed, until};

const ID: &str = "01EXAMPLE0000000000000001";

/// An event of PagerDuty that was set aside.
async fn set_aside(db: &PgPool) {
    let rows = "with made as (
            insert into inbox.delivery
                (id, source, external_id, event, subject, received_at, state, content_type, size, attempts, error)
            values (gen_random_uuid(), 'pagerduty', '01EXAMPLE0000000000000001', 'incident.invented_tomorrow', 'Q1', now(), 'dead',
                'json', 2, 8, 'no such service') returning id, received_at
        )
        insert into inbox.body (delivery_id, received_at, body)
        select id, received_at, '{\"event\":{\"event_type\":\"incident.invented_tomorrow\",\"secret\":\"gnp\"}}' from made";
    sqlx::query(rows).execute(db).await.expect("a row");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn administrators_see_what_was_set_aside_and_let_it_be_applied(db: PgPool) {
    let company = Company::open(&db).await;
    let none = words(&company.asked("U0LINUS", "inbox").await);
    assert!(none.contains("None was set aside"), "{none}");
    set_aside(&db).await;
    for typed in ["inbox".into(), format!("inbox show {ID}"), format!("inbox retry {ID}"), "inbox show nothing".into()]
    {
        let told = words(&company.asked("U0ADA", &typed).await);
        assert!(told.starts_with("! You may not replay an event") && !told.contains("no such"), "{told}");
    }
    let list = company.asked("U0LINUS", "inbox list").await;
    assert!(words(&list).contains(ID) && words(&list).contains("given up"), "{}", words(&list));
    let shown = company.presses("U0LINUS", &list, &format!("Show {ID}")).await;
    assert!(words(&shown).contains("no such service") && !words(&shown).contains("gnp"), "{}", words(&shown));
    let asked = company.presses("U0LINUS", &shown, "Try it again").await;
    assert!(words(&asked).starts_with("! Try to apply this event again?"), "{}", words(&asked));
    assert!(squeezed(&words(&asked)).contains("nomessageissenttwice"), "{}", words(&asked));
    let done = company.presses("U0LINUS", &asked, "Confirm").await;
    assert!(words(&done).starts_with("✓ It will be applied once more"), "{}", words(&done));
    until("it to be applied", async || {
        let state: String = scalar(&db, "select state from inbox.delivery").await;
        (state == "ignored").then_some(())
    })
    .await;
    let replay = company.asked("U0GRACE", &format!("inbox replay {ID}")).await;
    assert!(words(&replay).starts_with("! Apply this event once more?"), "{}", words(&replay));
    let gone = words(&company.asked("U0LINUS", "inbox show nothing").await);
    assert!(gone.contains("There is no such event"), "{gone}");
    let rows = "select string_agg(kind || coalesce(' ' || outcome, ''), ', ' order by number) from audit.entry
        where action = 'replay-delivery' and kind <> 'denial'";
    assert_eq!(scalar::<String>(&db, rows).await, "intent, outcome done");
}
