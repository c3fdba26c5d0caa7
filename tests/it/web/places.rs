//! Which address leads where.

use super::*;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn other_ways_of_writing_an_address_lead_to_the_one(db: PgPool) {
    let pages = pages(&db).await;
    for (from, to) in [
        ("/catalog/Component/Default/Payments-API", "/catalog/component/default/payments-api"),
        ("/catalog/component/default/payments%2Dapi", "/catalog/component/default/payments-api"),
        ("/catalog/group/default/Payments", "/team/payments"),
        ("/catalog/user/default/ada", "/person/Ada"),
        ("/person/ADA", "/person/Ada"),
        ("/person/ada", "/person/Ada"),
        ("/team/CROWD?page=2", "/team/crowd?page=2"),
        ("/owns/GROUP/Payments", "/owns/group/payments"),
        ("/team/payments/", "/team/payments"),
    ] {
        let page = get(&pages, from).await;
        assert_eq!((page.status, page.location()), (StatusCode::PERMANENT_REDIRECT, to), "{from}");
        let there = get(&pages, to).await;
        assert_eq!(there.status, StatusCode::OK, "{to}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_reference_that_is_searched_for_is_followed(db: PgPool) {
    let pages = pages(&db).await;
    let page = get(&pages, "/search?q=component:payments-api").await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/catalog/component/default/payments-api"));
    assert_eq!(get(&pages, "/search?q=group:Payments").await.location(), "/team/payments");
    assert_eq!(get(&pages, "/search?q=component:zeppelin").await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_nobody_has_is_not_found_and_can_be_searched_for(db: PgPool) {
    let pages = pages(&db).await;
    for uri in [
        "/person/zeppelin",
        "/team/zeppelin",
        "/owns/user/zeppelin",
        "/owns/component/payments-api",
        "/catalog/component/default/zeppelin",
        "/catalog/component/other/payments-api",
        "/catalog/user/other/ada",
        "/person/%00",
        "/nowhere",
    ] {
        let page = get(&pages, uri).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{uri}");
        assert!(page.html.contains("role=\"search\"") && page.html.matches("<h1>").count() == 1, "{uri}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn no_query_is_a_failure_of_ours(db: PgPool) {
    let pages = pages(&db).await;
    let long = format!("/search?q={}", "x%27%25_%5C+".repeat(3_000));
    for uri in [
        "/search?q=%00%ff%27;--&page=-7&kind=%00",
        "/search?q=%25%25_%5C",
        "/search?q=%F0%9F%8E%89",
        "/search?q=%E2%80%AE%E2%80%AE",
        "/search?q=a&page=4294967295",
        "/team/payments?page=%00",
        "/owns/user/ada?page=18446744073709551616",
        "/search?q=a:b/c:d",
        &long,
    ] {
        let page = get(&pages, uri).await;
        assert!(matches!(page.status.as_u16(), 200 | 400), "{uri} gives {}", page.status);
        assert!(!page.html.contains('\u{202e}'), "{uri}");
    }
}
