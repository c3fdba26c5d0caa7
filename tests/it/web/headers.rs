//! What browsers are told, whatever is answered.

use super::*;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn every_page_forbids_scripts_frames_and_keeping(db: PgPool) {
    let pages = pages(&db).await;
    for uri in
        ["/", "/search?q=ada", "/catalog/component/default/payments-api", "/person/ada", "/person/nobody", "/status"]
    {
        let page = get(&pages, uri).await;
        let header = |name: &str| page.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
        assert!(header("content-security-policy").starts_with("default-src 'none'; style-src 'self';"), "{uri}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{uri}");
        assert_eq!(header("cache-control"), "no-store", "{uri}");
        assert!(!page.html.contains("<script") && !page.html.contains(" style="), "{uri}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_head_of_a_page_is_that_of_the_page(db: PgPool) {
    let pages = pages(&db).await;
    for uri in ["/", "/team/payments", "/person/nobody"] {
        let (whole, head) = (get(&pages, uri).await, ask(&pages, "HEAD", uri).await);
        assert_eq!((head.status, head.html.as_str()), (whole.status, ""), "{uri}");
        assert_eq!(head.headers.get("content-type"), whole.headers.get("content-type"), "{uri}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_lost_database_is_our_failure_and_says_to_come_back(db: PgPool) {
    let pages = pages(&db).await;
    db.close().await;
    let page = get(&pages, "/person/Ada").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.headers.get("retry-after").map(|it| it.as_bytes()), Some(b"5".as_slice()));
    assert!(!page.html.contains("Ada") && !page.html.to_lowercase().contains("sqlx"));
}
