//! Finding things by words, in a real Postgres.

use domain::PgPool;
use domain::catalog_plan::{Removal, Seen, StoredCatalog, plan};
use domain::document::Document;
use domain::run::Source;
use domain::search::Query;
use domain::{catalog_apply, org_apply, org_plan};
use serde_json::json;

use crate::ldap::directory;

/// A catalog of components with these names and descriptions.
async fn catalog(db: &PgPool, entities: &[(&str, &str)]) {
    let seen = entities.iter().enumerate().map(|(index, (name, description))| Seen {
        document: Document::parse(json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": { "name": name, "description": description },
            "spec": { "type": "service", "lifecycle": "production", "owner": "payments" },
        }))
        .expect("a component"),
        location: "file:catalog.yaml".into(),
        line: u32::try_from(index).expect("few") + 1,
    });
    let plan = plan(seen.collect(), vec![], |_| true, &StoredCatalog::default(), Removal { before: None });
    let mut transaction = db.begin().await.expect("a transaction");
    catalog_apply::apply(&mut transaction, Source::Files, &plan).await.expect("applied");
    transaction.commit().await.expect("committed");
}

/// What the words find, best first, with how and where they matched.
async fn find(db: &PgPool, words: &str) -> String {
    let options = domain::pool::tuned((*db.connect_options()).clone());
    let db = sqlx::postgres::PgPoolOptions::new().connect_lazy_with(options);
    let hits = Query::new(words).expect("words").run(&db, 10, 0).await.expect("a search");
    let lines = hits.hits.iter().map(|it| format!("{} {:?} {}\n", it.subject.name, it.how, it.field));
    format!("{} in all\n{}", hits.total, lines.collect::<String>())
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn exact_comes_before_prefix_before_part(db: PgPool) {
    catalog(&db, &[("repayments", "x"), ("payments-api", "x"), ("payments", "x"), ("ledger", "books all payments")])
        .await;
    insta::assert_snapshot!(find(&db, "payments").await, @"
    4 in all
    payments Exact name
    payments-api Prefix name
    repayments Within name
    ledger Within description
    ");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_typing_error_is_forgiven_only_where_nothing_matches(db: PgPool) {
    catalog(&db, &[("payments-api", "x"), ("checkout", "x")]).await;
    insta::assert_snapshot!(find(&db, "paymnets").await, @"
    1 in all
    payments-api Alike name
    ");
    insta::assert_snapshot!(find(&db, "chekout").await, @"
    1 in all
    checkout Alike name
    ");
    insta::assert_snapshot!(find(&db, "zeppelin").await, @"0 in all");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn words_may_stand_in_any_order_and_field(db: PgPool) {
    catalog(&db, &[("search-api", "answers queries"), ("search-index", "x"), ("queries", "x")]).await;
    insta::assert_snapshot!(find(&db, "queries search").await, @"
    1 in all
    search-api Within name
    ");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn case_accents_and_scripts_do_not_matter(db: PgPool) {
    catalog(&db, &[("cafe-menu", "Für das CAFÉ in Zürich"), ("yamada", "山田 太郎")]).await;
    insta::assert_snapshot!(find(&db, "ZURICH").await, @"
    1 in all
    cafe-menu Within description
    ");
    insta::assert_snapshot!(find(&db, "太郎").await, @"
    1 in all
    yamada Within description
    ");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn signs_of_patterns_stand_for_themselves(db: PgPool) {
    catalog(&db, &[("hundred", "100% of it"), ("hundreds", "1000 of it"), ("a_b", "x"), ("axb", "x")]).await;
    insta::assert_snapshot!(find(&db, "100%").await, @"
    1 in all
    hundred Prefix description
    ");
    insta::assert_snapshot!(find(&db, "a_b").await, @"
    1 in all
    a_b Exact name
    ");
    assert!(Query::new("%_\\ '\"").is_none(), "nothing to look for");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn people_and_groups_are_found_like_everything_else(db: PgPool) {
    let config = crate::ldap::config();
    let folders = "dn: ou=people,dc=pinconsole,dc=example\nobjectClass: organizationalUnit\nou: people\n\n\
                   dn: ou=groups,dc=pinconsole,dc=example\nobjectClass: organizationalUnit\nou: groups\n\n";
    let company = format!("{folders}{}", directory::people_and_groups(30, 5, 40));
    let directory = integrations::ldap::LdifDirectory::new(&config, &company).expect("read");
    let snapshot =
        integrations::ldap::snapshot(&directory, &config, chrono::Utc::now(), &|_| {}).await.expect("a snapshot");
    let mut transaction = db.begin().await.expect("a transaction");
    let stored = org_apply::stored(&mut transaction, &snapshot).await.expect("stored");
    org_apply::apply(&mut transaction, &org_plan::plan(&snapshot, &stored)).await.expect("applied");
    transaction.commit().await.expect("committed");
    let person = &snapshot.people[0];
    let hits = Query::new(&person.name).expect("words").kinds(&["user"]).run(&db, 10, 0).await.expect("a search");
    assert_eq!(hits.hits.first().map(|it| &it.subject.name), Some(&person.name));
    let groups =
        Query::new(&snapshot.groups[0].name).expect("words").kinds(&["group"]).run(&db, 10, 0).await.expect("a search");
    assert!(groups.hits.iter().all(|it| it.subject.kind == "Group") && !groups.hits.is_empty());
}
