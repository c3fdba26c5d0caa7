//! One pull request.

use sqlx::PgPool;

use super::Ground;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn one_is_found_by_every_name_that_people_give_it(db: PgPool) {
    let ground = Ground::new(&db).await;
    for typed in [
        "pr mosaic-lane/orders#7",
        "pr MOSAIC-LANE/Orders#7",
        "pr mosaic-lane/orders 7",
        "pr https://github.com/mosaic-lane/orders/pull/7",
        "pr https://git.mosaic.example/mosaic-lane/orders/pull/7/files",
    ] {
        let told = ground.told("ada", typed).await;
        assert!(told.contains("mosaic-lane/orders#7 Retry <once>"), "{typed}: {told}");
        for says in ["waits for Ada", "team Orders (mosaic-lane/orders)", "asked again", "before the newest commit"] {
            assert!(told.contains(says), "{says}: {told}");
        }
        assert!(told.contains("1 of 2") && told.contains("+12 −3 in 2 files") && told.contains("urgent"), "{told}");
        assert!(told.contains("lin commented") && told.contains("Why <twice>?"), "{told}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_number_alone_is_asked_back_about_and_an_unknown_one_says_what_to_type(db: PgPool) {
    let ground = Ground::new(&db).await;
    let which = ground.told("ada", "pr #7").await;
    assert!(which.contains("Which “#7” do you mean?") && which.contains("mosaic-lane/shipping#7"), "{which}");
    let many = "
        insert into github.repository (id, name, source_at) select 900 + n, 'mosaic-lane/many' || n, now() from generate_series(1, 6) n;
        insert into github.pull_request (id, repository_id, number, title, author_id, state, head_sha, base_ref, created_at, active_at,
            source_at)
        select 900 + n, 900 + n, 47, 'One of many', null, 'open', 'h', 'main', now(), now(), now() from generate_series(1, 6) n";
    sqlx::raw_sql(many).execute(&db).await.expect("pull requests");
    let which = ground.told("ada", "pr 47").await;
    let five = (1..=6).filter(|it| which.contains(&format!("mosaic-lane/many{it}"))).count();
    assert_eq!(five, 5, "{which}");
    assert!(which.contains("Others have this number, too. Say where it is, like owner/name#7."), "{which}");
    let one = ground.told("ada", "pr 8").await;
    assert!(one.contains("Ada Lovelace must mend what its checks found") || one.contains("must mend"), "{one}");
    assert!(one.contains("Failed checks") && one.contains("lint"), "{one}");
    for (typed, says) in [
        ("pr mosaic-lane/orders#999", "no pull request with this number"),
        ("pr nowhere/at-all#1", "told nothing of the repository"),
        ("pr something", "owner/name#7"),
    ] {
        let told = ground.told("ada", typed).await;
        assert!(told.contains(says) && told.contains("There is no pull request"), "{typed}: {told}");
    }
    let merged = ground.told("ada", "pr mosaic-lane/orders#5").await;
    assert!(merged.contains("Merged by Ada") && merged.contains("0123456789ab"), "{merged}");
}
