//! Answers are told again only while they are true and the asker may have them.

use sqlx::{AssertSqlSafe, PgPool};

use crate::common::{Office, company, scalar};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_lost_a_token_gets_not_even_an_answer_that_was_told_before(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let token = office.token("U0ADA").await;
    for code in [Some(0), Some(0)] {
        assert_eq!(office.terminal(&token, &["catalog", "payments-api"]).await.code, code);
    }
    // As another replica would.
    run(&db, "delete from auth.token").await;
    assert_eq!(office.terminal(&token, &["catalog", "payments-api"]).await.code, Some(1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_token_ends_at_its_hour(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let token = office.token("U0ADA").await;
    assert_eq!(office.terminal(&token, &["help"]).await.code, Some(0));
    run(&db, "update auth.token set expires_at = now() - interval '1 second'").await;
    assert_eq!(office.terminal(&token, &["help"]).await.code, Some(1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_told_is_told_anew_once_it_has_changed(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let ask = async || office.told("U0GRACE", "/pin person ada").await;
    let first = ask().await;
    assert_eq!(ask().await, first);
    run(&db, "update org.person set title = 'Chief of Tests' where name = 'ada'").await;
    assert!(ask().await.contains("Chief of Tests"));
    run(&db, "update org.person set disabled = true where name = 'grace'").await;
    assert!(ask().await.contains("disabled you"), "the asker counts, too");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_answer_is_for_everybody_but_who_somebody_is(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let (ada, grace) = (office.told("U0ADA", "/pin whoami").await, office.told("U0GRACE", "/pin whoami").await);
    assert!(ada.contains("Ada") && grace.contains("Grace") && !grace.contains("Ada"), "{ada}\n{grace}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn only_what_changes_rights_is_counted_as_their_change(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    office.token("U0ADA").await;
    let counted = async |sql: &str| {
        const NUMBER: &str = "select number from catalog.generation where area = 'auth'";
        let before = scalar::<i64>(&db, NUMBER).await;
        run(&db, sql).await;
        scalar::<i64>(&db, NUMBER).await - before
    };
    for same in [
        "update auth.account set proven_at = now()",
        "update auth.token set last_used_at = now()",
        "update auth.token set expires_at = expires_at",
        "delete from auth.token where false",
        "insert into auth.account select * from auth.account on conflict do nothing",
    ] {
        assert_eq!(counted(same).await, 0, "{same}");
    }
    for change in [
        "update auth.account set email = 'x@pinconsole.example'",
        "update auth.token set expires_at = now()",
        "delete from auth.token",
        "delete from auth.account",
        "truncate auth.account",
    ] {
        assert_eq!(counted(change).await, 1, "{change}");
    }
}

async fn run(db: &PgPool, sql: &str) {
    sqlx::query(AssertSqlSafe(sql.to_string())).execute(db).await.expect("it is done");
}
