//! The audit's chain, over a real database whose owner turns the guards off.

mod program;

use domain::audit::{self, Entry, Outcome, Who};
use domain::audit_chain::{Break, Head, Record, verify};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

const ROWS: i64 = 6;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn rows_are_only_ever_added(db: PgPool) {
    written(&db).await;
    for statement in ["update audit.entry set who = 'eve'", "delete from audit.entry", "truncate audit.entry"] {
        let refused = sqlx::query(statement).execute(&db).await.expect_err(statement);
        assert!(refused.to_string().contains("audit.entry is only ever added to"), "{refused}");
    }
    assert_eq!(verify(&db, None).await.expect("rows").expect("a chain").number, ROWS);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whatever_is_done_to_rows_is_found_and_named(db: PgPool) {
    written(&db).await;
    let head = Head::last(&db).await.expect("a head");
    execute(&db, "alter table audit.entry disable trigger kept").await;
    execute(&db, "create table kept as table audit.entry").await;
    let cases = [
        ("update audit.entry set who = 'eve' where number = 3", Err(Break::Changed(3))),
        ("update audit.entry set who_id = null where number = 1", Err(Break::Changed(1))),
        ("update audit.entry set detail = '{\"n\": 30}' where number = 3", Err(Break::Changed(3))),
        ("update audit.entry set at = at + interval '1 microsecond' where number = 4", Err(Break::Changed(4))),
        ("update audit.entry set rule = '' where number = 6", Err(Break::Changed(6))),
        ("delete from audit.entry where number = 4", Err(Break::Missing(4))),
        ("delete from audit.entry where number = 1", Err(Break::Missing(1))),
        // A row out of the middle, and the gap closed.
        (
            "delete from audit.entry where number = 3; update audit.entry set number = number - 1 where number = 4;
             update audit.entry set number = number - 1 where number = 5;
             update audit.entry set number = number - 1 where number = 6",
            Err(Break::Changed(3)),
        ),
        // Two rows in each other's place.
        (
            "update audit.entry set number = 99 where number = 2; update audit.entry set number = 2 where number = 3;
             update audit.entry set number = 3 where number = 99",
            Err(Break::Changed(2)),
        ),
        (
            "insert into audit.entry select 7, format, at, kind, who_id, who, action, resource, rule, request_id, intent,
             outcome, detail, '\\x07', hash from audit.entry where number = 6",
            Err(Break::Changed(7)),
        ),
        ("update audit.entry set format = 2 where number = 5", Err(Break::Unknown(5))),
        ("delete from audit.entry where number > 4", Err(Break::Cut(6))),
        ("delete from audit.entry", Err(Break::Cut(6))),
        ("select", Ok(head.clone())),
    ];
    for (tampering, found) in cases {
        sqlx::raw_sql(tampering).execute(&db).await.expect(tampering);
        assert_eq!(verify(&db, Some(&head)).await.expect("rows"), found, "{tampering}");
        execute(&db, "delete from audit.entry").await;
        execute(&db, "insert into audit.entry select * from kept order by number").await;
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_row_that_is_hashed_anew_is_found_by_the_next_and_a_whole_tail_by_the_head(db: PgPool) {
    written(&db).await;
    let head = Head::last(&db).await.expect("a head");
    execute(&db, "alter table audit.entry disable trigger kept").await;
    let mut rows = Record::after(&db, 2, 100).await.expect("rows");
    let mut previous = rows[0].previous.clone();
    for (index, row) in rows.iter_mut().enumerate() {
        row.who = "eve".into();
        row.previous = previous;
        row.hash = row.digest();
        previous = row.hash.clone();
        let update = sqlx::query("update audit.entry set who = $2, previous = $3, hash = $4 where number = $1");
        let update = update.bind(row.number).bind(&row.who).bind(&row.previous).bind(&row.hash);
        update.execute(&db).await.expect("a changed row");
        let found = verify(&db, Some(&head)).await.expect("rows");
        let expected = if index == 3 { Break::Rewritten(6) } else { Break::Detached(row.number + 1) };
        assert_eq!(found, Err(expected));
    }
    let anew = verify(&db, None).await.expect("rows").expect("a chain of its own, to whoever kept no head");
    assert_eq!(anew.number, ROWS);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn many_writers_make_one_chain(db: PgPool) {
    let writers = (0..20).map(|writer| {
        let db = db.clone();
        tokio::spawn(async move {
            for n in 0..20 {
                let receipt = audit::intend(&db, &entry(&format!("writer{writer}"), n)).await.expect("an intent");
                let mut transaction = db.begin().await.expect("a transaction");
                audit::outcome(&mut transaction, receipt, Outcome::Done, json!({})).await.expect("an outcome");
                // What is rolled back leaves no gap.
                match n % 3 {
                    0 => transaction.rollback().await.expect("nothing"),
                    _ => transaction.commit().await.expect("a row"),
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("a writer");
    }
    let head = verify(&db, None).await.expect("rows").expect("one chain");
    assert_eq!(head.number, 20 * 20 + 20 * 13);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_outcome_belongs_to_one_intent_and_is_said_once(db: PgPool) {
    let request = Uuid::now_v7();
    let intent = Entry { request: Some(request), ..entry("ada", 1) };
    let receipt = audit::intend(&db, &intent).await.expect("an intent");
    assert_eq!(audit::unfinished(&db, request).await.expect("intents"), [receipt]);
    let mut connection = db.acquire().await.expect("a connection");
    audit::outcome(&mut connection, receipt, Outcome::Failed, json!({ "why": "a\0b", "took": 1.5 }))
        .await
        .expect("said");
    assert_eq!(audit::unfinished(&db, request).await.expect("intents"), []);
    assert!(audit::outcome(&mut connection, receipt, Outcome::Done, json!({})).await.is_err(), "once");
    let nowhere = audit::Receipt { number: 77 };
    assert!(audit::outcome(&mut connection, nowhere, Outcome::Done, json!({})).await.is_err(), "of nothing");
    let last = &Record::after(&db, 1, 10).await.expect("rows")[0];
    assert_eq!((last.who.as_str(), last.outcome.as_deref(), last.request), ("ada", Some("failed"), Some(request)));
    assert_eq!(last.detail, json!({ "why": "a\u{fffd}b", "took": "1.5" }));
    assert!(verify(&db, None).await.expect("rows").is_ok());
}

/// Six rows of three people.
async fn written(db: &PgPool) {
    let mut connection = db.acquire().await.expect("a connection");
    for n in 1..=ROWS {
        let who = ["ada", "grace", "linus"][usize::try_from(n % 3).expect("a small number")];
        audit::changed(&mut connection, &entry(who, n)).await.expect("a row");
    }
}

fn entry(who: &str, n: i64) -> Entry {
    Entry {
        who: Who::Person(Uuid::from_u128(n.unsigned_abs().into()), who.into()),
        action: "correct-account".into(),
        resource: format!("account:{who}"),
        rule: "Administrators may, “as agreed”.".into(),
        request: None,
        detail: json!({ "n": n, "after": ["é", null, true], "before": { "z": 1, "a": "\"quoted\"\n" } }),
    }
}

async fn execute(db: &PgPool, statement: &str) {
    sqlx::query(AssertSqlSafe(statement.to_string())).execute(db).await.expect(statement);
}
