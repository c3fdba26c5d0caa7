//! Personal tokens: what they can and cannot do, and how they end.

use sqlx::PgPool;

use crate::common::{Office, company, scalar};

const TOKENS: &str = "select count(*) from auth.token";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_token_makes_no_other_one(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let token = office.token("U0ADA").await;
    let ended = office.terminal(&token, &["link", "terminal"]).await;
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.out.contains("Ask for a token in chat"), "{ended}");
    assert_eq!(scalar::<i64>(&db, TOKENS).await, 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn when_a_token_ends_is_told_as_that_and_not_as_an_id(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let token = office.token("U0ADA").await;
    let dated = "update auth.token set created_at = '2026-01-01', expires_at = '2126-03-01', last_used_at = now()";
    sqlx::query(dated).execute(&db).await.expect("a token");
    let told = office.terminal(&token, &["whoami"]).await.out;
    let (_, told) = told.split_once("Tokens").expect("a heading");
    let (told, _) = told.split_once("\nNext").expect("what to ask next");
    insta::assert_snapshot!(told.trim_start(), @"
    of a terminal
      • Works until 1 Mar 2126 00:00 UTC – made 1 Jan 2026 00:00 UTC · last used
        just now
    ");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_newest_five_work(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let first = office.token("U0ADA").await;
    for _ in 0..5 {
        office.token("U0ADA").await;
    }
    assert_eq!(scalar::<i64>(&db, TOKENS).await, 5);
    assert_eq!(office.terminal(&first, &["whoami"]).await.code, Some(1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn all_are_taken_back_at_once(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let token = office.token("U0ADA").await;
    let other = office.token("U0GRACE").await;
    assert!(office.told("U0ADA", "/pin link terminal --revoke").await.starts_with("1 token taken back"));
    assert_eq!(office.terminal(&token, &["whoami"]).await.code, Some(1));
    assert_eq!(office.terminal(&other, &["whoami"]).await.code, Some(0), "only one's own");
}
