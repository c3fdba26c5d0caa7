//! Lists of pull requests.

use sqlx::PgPool;

use super::Ground;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn somebody_reads_what_waits_for_them_first_and_then_what_they_must_do(db: PgPool) {
    let ground = Ground::new(&db).await;
    let told = ground.told("ada", "prs").await;
    assert!(told.contains("4 open pull requests concern you"), "{told}");
    let place = |words: &str| told.find(words).unwrap_or_else(|| panic!("{words}: {told}"));
    let order = [
        "Waiting for a review",
        "mosaic-lane/shipping#9 Bump a library",
        "mosaic-lane/orders#7 Retry <once>",
        "Waiting for their author",
        "mosaic-lane/orders#8 Drop a column",
        "Drafts",
        "mosaic-lane/shipping#7 Print labels",
    ];
    assert!(order.map(place).is_sorted(), "{told}");
    assert!(told.contains("approvals 1 of 2") && told.contains("1 of 2 failed: lint"), "{told}");
    assert!(told.contains("waits for Ada") && told.contains("working hour"), "{told}");
    assert_eq!(told, ground.told("ada", "prs me").await, "the same");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn people_teams_repositories_and_services_are_asked_for_by_name(db: PgPool) {
    let ground = Ground::new(&db).await;
    for (typed, says, not) in [
        ("prs ada", "concern Ada", "Other people"),
        ("prs group:orders", "Waiting for a review by the team", "Other people"),
        ("prs mosaic-lane/orders", "2 open pull requests of mosaic-lane/orders", "Print labels"),
        ("prs elsewhere/orders", "1 open pull request of elsewhere/orders", "Retry"),
        ("prs component:default/orders-api", "Retry <once>", "Print labels"),
        ("prs all", "5 open pull requests", "Cache prices"),
    ] {
        let told = ground.told("grace", typed).await;
        assert!(told.contains(says) && !told.contains(not), "{typed}: {told}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_open_in_a_repository_that_is_gone_waits_for_nobody(db: PgPool) {
    let ground = Ground::new(&db).await;
    sqlx::raw_sql("update github.repository set gone_at = now() where name = 'mosaic-lane/shipping'")
        .execute(&db)
        .await
        .expect("a repository");
    for (typed, says) in [("prs", "2 open pull requests concern you"), ("prs all", "3 open pull requests")] {
        let told = ground.told("ada", typed).await;
        assert!(told.contains(says) && !told.contains("mosaic-lane/shipping"), "{typed}: {told}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_is_unknown_at_github_reads_how_to_be_known(db: PgPool) {
    let ground = Ground::new(&db).await;
    let told = ground.told("adubois", "prs").await;
    assert!(told.contains("link github") && told.contains("0 open pull requests concern you"), "{told}");
    let none = ground.told("ada", "prs nobody-like-that").await;
    assert!(none.contains("Nothing here is called “nobody-like-that”") && !none.contains("on call"), "{none}");
    sqlx::raw_sql("delete from github.pull_request").execute(&db).await.expect("none");
    let told = ground.told("ada", "prs").await;
    assert!(told.contains("Nothing is open, as far as GitHub told."), "{told}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_load_of_a_team_is_told_member_by_member(db: PgPool) {
    let ground = Ground::new(&db).await;
    let told = ground.told("ada", "prs group:payments --load").await;
    assert!(told.contains("Payments: 1 review is awaited"), "{told}");
    assert!(told.contains("Waits longest") && told.contains("Reviewed in 7 days"), "{told}");
    let wrong = ground.told("ada", "prs ada --load").await;
    assert!(wrong.contains("That is no team"), "{wrong}");
    assert!(ground.told("ada", "prs --load").await.contains("Whose load?"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn long_lists_are_turned_page_by_page(db: PgPool) {
    let ground = Ground::new(&db).await;
    let many = "insert into github.pull_request
            (id, repository_id, number, title, author_id, state, head_sha, base_ref, created_at, active_at, source_at)
         select 1000 + n, 12, 100 + n, 'One of many ' || n, 3, 'open', 'sha' || n, 'main', now(), now(), now()
         from generate_series(1, 24) n";
    sqlx::raw_sql(many).execute(&db).await.expect("many");
    let first = ground.told("ada", "prs elsewhere/orders").await;
    let last = ground.told("ada", "prs elsewhere/orders --page 3").await;
    assert!(first.contains("1 to 10 of 25") && last.contains("21 to 25 of 25"), "{first}{last}");
    let beyond = ground.told("ada", "prs elsewhere/orders --page 9").await;
    assert!(beyond.contains("1 to 10 of 25"), "{beyond}");
}
