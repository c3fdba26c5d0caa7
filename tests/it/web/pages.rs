//! What each page says.

use super::*;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_first_page_says_how_much_there_is(db: PgPool) {
    let page = get(&pages(&db).await, "/").await;
    assert_eq!(page.status, StatusCode::OK);
    for (what, count) in [("Entities", 3), ("People", 25), ("Groups", 2)] {
        assert!(page.html.contains(&format!("<dt>{what}</dt><dd>{count}</dd>")), "{what}: {}", page.html);
    }
    assert!(page.html.contains("5 minutes ago"));
    assert!(page.html.contains("name=\"q\""));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_entity_leads_to_its_owner_and_its_system(db: PgPool) {
    let pages = pages(&db).await;
    let page = get(&pages, "/catalog/component/default/payments-api").await;
    assert_eq!((page.status, page.title()), (StatusCode::OK, "Payments-API"));
    assert!(page.html.contains("<title>Payments-API · PinConsole</title>"));
    assert!(page.html.contains("<span class=\"kind\">Component</span>"));
    assert!(page.links("Payments", "/team/payments"));
    assert!(page.links("Shop", "/catalog/system/default/shop"));
    assert!(page.html.contains("Takes &lt;script&gt;money&lt;/script&gt; &amp; gives it"));
    let orphan = get(&pages, "/catalog/resource/default/ledger-db").await;
    assert!(orphan.html.contains("class=\"card warn\"") && orphan.html.contains("is not known here"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn people_of_a_group_lead_to_their_pages(db: PgPool) {
    let pages = pages(&db).await;
    let team = get(&pages, "/team/payments").await;
    assert_eq!(team.title(), "Payments");
    assert!(team.links("Ada &lt;b&gt;Lindqvist&lt;/b&gt;", "/person/Ada"), "{}", team.html);
    let person = get(&pages, "/person/Ada").await;
    assert_eq!((person.status, person.title()), (StatusCode::OK, "Ada &lt;b&gt;Lindqvist&lt;/b&gt;"));
    assert!(person.links("Payments", "/team/payments"));
    assert!(person.links("What they own", "/owns/user/ada"));
    let owns = get(&pages, "/owns/user/ada").await;
    assert!(owns.links("Payments-API", "/catalog/component/default/payments-api"), "{}", owns.html);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn long_lists_have_pages(db: PgPool) {
    let pages = pages(&db).await;
    let first = get(&pages, "/team/crowd").await;
    assert!(first.html.contains("1 to 10 of 23") && first.links("Next page", "/team/crowd?page=2"));
    let last = get(&pages, "/team/crowd?page=3").await;
    assert!(last.html.contains("21 to 23 of 23") && last.links("Previous page", "/team/crowd?page=2"));
    assert!(get(&pages, "/team/crowd?page=999999").await.html.contains("1 to 10 of 23"));
    let found = get(&pages, "/search?q=one+of+many&kind=user&page=2").await;
    assert!(found.html.contains("11 to 20 of 23"), "{}", found.html);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_search_forgives_typing_errors_and_keeps_the_words(db: PgPool) {
    let pages = pages(&db).await;
    let page = get(&pages, "/search?q=paymentz").await;
    assert!(page.links("Payments-API", "/catalog/component/default/payments-api"), "{}", page.html);
    assert!(page.html.contains("value=\"paymentz\""));
    assert!(page.html.contains("<a href=\"/search?q=paymentz\" aria-current=\"page\">Everything</a>"));
    let groups = get(&pages, "/search?q=payments&kind=group").await;
    assert!(groups.links("Payments", "/team/payments") && !groups.html.contains("payments-api"));
    let nothing = get(&pages, "/search?q=zeppelin").await;
    assert_eq!(nothing.status, StatusCode::OK);
    assert!(nothing.title().contains("Nothing found"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_status_names_sources_and_their_age(db: PgPool) {
    let page = get(&pages(&db).await, "/status").await;
    assert_eq!(page.title(), "All sources are fresh");
    assert!(page.html.contains("Directory (LDAP)") && page.html.contains("Catalog files"));
    assert!(page.html.contains("25 changes applied") && page.html.contains("People: 0 -&gt; 25"));
    assert!(page.html.contains("aria-current=\"page\">Status</a>"));
}
