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
