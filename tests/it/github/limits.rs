use std::time::Duration;

use domain::tick::Job;
use integrations::github::GitHubError;
use sqlx::PgPool;

use super::Ground;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_github_says_to_one_replica_holds_for_all(db: PgPool) {
    let ground = Ground::over(&db).await;
    let (first, second) = (ground.client(), ground.client());
    first.repositories(ground.installation, &[]).await.expect("repositories");
    second.repositories(ground.installation, &[]).await.expect("repositories");
    ground.github.too_fast(1, Duration::from_secs(50));
    let told = first.repositories(ground.installation, &[]).await.expect_err("too fast");
    assert!(matches!(told, GitHubError::Limited { .. }), "{told}");
    let before = ground.github.calls().len();
    let told = second.repositories(ground.installation, &[]).await.expect_err("the same");
    assert!(matches!(told, GitHubError::Limited { retry_after } if retry_after.as_secs() > 30), "{told}");
    assert_eq!(ground.github.calls().len(), before, "the other one does not even ask");
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_reading_that_fails_says_why_and_the_next_one_makes_it_good(db: PgPool) {
    let ground = Ground::over(&db).await;
    ground.github.fail_next(4, 503);
    let (outcome, note) = ground.run(Job::GithubTeams).await;
    assert_eq!(outcome, "failed");
    assert!(note.starts_with("Not read, and left as they were: teams: GitHub does not answer (status 503)"), "{note}");
    ground.github.well_again();
    ground.github.end_tokens();
    assert_eq!(ground.run(Job::Github).await.0, "done");
    assert_eq!(ground.run(Job::GithubTeams).await.0, "done");
    ground.github.end_tokens();
    assert_eq!(ground.run(Job::Github).await.0, "done", "with a new token");
    ground.end().await;
}
