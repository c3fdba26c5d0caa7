use domain::tick::Job;
use sqlx::PgPool;

use super::Ground;
use super::ground::PAYMENTS;

/// Those of which it is not known whether they conflict.
const UNKNOWN: &str = "select count(*) from github.pull_request where mergeable = 'unknown'";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn conflicts_are_asked_about_many_at_once_however_many_pushes_there_were(db: PgPool) {
    let ground = Ground::over(&db).await;
    let github = &ground.github;
    ground.run(Job::Github).await;
    let pulls: Vec<i64> = (0..60).map(|it| github.open(PAYMENTS, "ada", &format!("Change {it}"))).collect();
    ground.later().await;
    assert_eq!(ground.count(UNKNOWN).await, 60);
    github.count_anew();
    ground.run(Job::GithubMergeability).await;
    assert_eq!((ground.count(UNKNOWN).await, github.asked("Pulls")), (0, 2), "fifty at a time");
    github.conflicts(pulls[7], true);
    for _ in 0..3 {
        github.push_main(PAYMENTS, "grace");
    }
    ground.later().await;
    github.count_anew();
    let (_, note) = ground.run(Job::GithubMergeability).await;
    assert_eq!((note.as_str(), github.asked("Pulls")), ("Read 60 mergeability (1 changed).", 2));
    assert_eq!(ground.line(pulls[7]).await, "Change 7 open conflicting [] [] []");
    let rest = github.calls().into_iter().filter(|it| it.route.contains("pulls")).count();
    assert_eq!(rest, 0, "none is asked about alone");
    ground.run(Job::GithubMergeability).await;
    assert_eq!(github.asked("Pulls"), 2, "and nothing is asked where nothing moved");
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn github_is_given_time_to_think_and_asked_again_twice_at_the_most(db: PgPool) {
    let ground = Ground::over(&db).await;
    let github = &ground.github;
    ground.run(Job::Github).await;
    github.think(2);
    let soon = github.open(PAYMENTS, "ada", "Soon");
    ground.later().await;
    github.count_anew();
    ground.run(Job::GithubMergeability).await;
    assert_eq!(ground.line(soon).await, "Soon open mergeable [] [] []");
    assert_eq!(github.asked("Pulls"), 3);
    github.think(99);
    let never = github.open(PAYMENTS, "ada", "Never");
    ground.later().await;
    github.count_anew();
    ground.run(Job::GithubMergeability).await;
    ground.run(Job::GithubMergeability).await;
    assert_eq!(ground.line(never).await, "Never open unknown [] [] []");
    assert_eq!(github.asked("Pulls"), 3, "the next minute does not begin anew");
    ground.end().await;
}
