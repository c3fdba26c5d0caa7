//! What is kept of each question.

use sqlx::PgPool;

use crate::common::{Office, company, until};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_asked_what_for_how_long_and_how_much_was_found_is_recorded(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let token = office.token("U0ADA").await;
    for typed in ["catalog payments-api", "person lindqvist", "team nosuchteamatall", "catalgo x", "whoami"] {
        office.typed("U0ADA", &format!("/pin {typed}")).await;
    }
    office.typed("U0NOBODY", "/pin whoami").await;
    office.typed("U0GRACE", "/catalog payments --page 2").await;
    assert_eq!(office.terminal(&token, &["owns", "payments"]).await.code, Some(0));
    let query = "select coalesce(p.name, 'nobody') || ' ' || u.platform || ' ' || u.command || ' ' || u.outcome || ' '
            || coalesce(case when u.results > 1 then 'some' else u.results::text end, '-')
        from usage.command u left join org.person p on p.id = u.person_id
        where u.duration_ms between 0 and 60000 and u.at > now() - interval '5 minutes' order by u.at, u.id";
    let rows: Vec<String> = until("all uses", async || {
        let rows: Vec<String> = sqlx::query_scalar(query).fetch_all(&db).await.expect("rows");
        (rows.len() == 9).then_some(rows)
    })
    .await;
    insta::assert_snapshot!(rows.join("\n"), @"
    ada slack link ok -
    ada slack catalog ok some
    ada slack person ok 1
    ada slack team ok 0
    ada slack unknown refused 0
    ada slack whoami ok 1
    nobody slack unknown refused 0
    grace slack catalog ok some
    ada terminal owns ok some
    ");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_question_is_logged_by_its_command_and_never_by_its_words(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    office.typed("U0ADA", "/pin catalog payments-ledger").await;
    office.typed("U0ADA", "/pin nonsense unheard-of").await;
    let asked = until("all lines", async || Some(office.console.logged("asked")).filter(|it| it.len() == 2)).await;
    let told = |it: &serde_json::Value| format!("{} {} {}", it["platform"], it["command"], it["outcome"]);
    insta::assert_snapshot!(asked.iter().map(told).collect::<Vec<_>>().join("\n"), @r#"
    "slack" "catalog" "ok"
    "slack" "unknown" "refused"
    "#);
    assert!(asked.iter().all(|it| it["request"].is_string()), "{asked:?}");
    assert!(office.console.logged("answered").is_empty(), "one line a question is enough");
    let lines = office.console.lines().join("\n");
    assert!(!lines.contains("payments-ledger") && !lines.contains("unheard-of"), "{lines}");
}
