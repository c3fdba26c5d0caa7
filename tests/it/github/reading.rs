use domain::tick::Job;
use sqlx::PgPool;

use super::Ground;
use super::ground::PAYMENTS;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_first_reading_knows_everything_and_a_second_reads_nothing(db: PgPool) {
    let ground = Ground::over(&db).await;
    ground.github.lose_webhooks(true);
    let team = ground.github.team("mosaic-lane", "core", &["linus"]);
    let open = ground.github.open(PAYMENTS, "ada", "Retry settlements");
    ground.github.request(open, "ada", "linus");
    ground.github.request_team(open, "ada", team);
    ground.github.approve(open, "grace");
    ground.github.check_ends(open, "build", false);
    let merged = ground.github.open(PAYMENTS, "grace", "Round to cents");
    ground.github.merge(merged, "grace");
    let (outcome, note) = ground.run(Job::Github).await;
    assert_eq!(
        (outcome.as_str(), note.as_str()),
        ("done", "Read 1 repositories (1 changed), 1 pull requests (2 changed).")
    );
    let known = "Retry settlements open mergeable [linus, mosaic-lane/core] [grace approved] [build]";
    assert_eq!(ground.line(open).await, known);
    assert_eq!(ground.line(merged).await, "Round to cents merged unknown [] [] []");
    // What changed in the second of the reading is read once more.
    ground.later().await;
    ground.run(Job::Github).await;
    ground.github.count_anew();
    let (_, note) = ground.run(Job::Github).await;
    assert_eq!(note, "Read 1 repositories, 1 pull requests.");
    let asked = (ground.github.asked("Brief"), ground.github.asked("Pulls"), ground.github.unchanged());
    assert_eq!(asked, (1, 0, 2), "the lists of installations and repositories are what they were");
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn after_an_outage_one_reading_makes_everything_right(db: PgPool) {
    let ground = Ground::over(&db).await;
    let github = &ground.github;
    ground.run(Job::Github).await;
    let (reviewed, checked, ended) = (
        github.open(PAYMENTS, "ada", "One"),
        github.open(PAYMENTS, "ada", "Two"),
        github.open(PAYMENTS, "ada", "Three"),
    );
    github.request(reviewed, "ada", "grace");
    github.check_begins(checked, "build");
    ground.applied().await;
    ground.run(Job::Github).await;
    assert_eq!(ground.line(reviewed).await, "One open mergeable [grace] [] []");
    github.lose_webhooks(true);
    github.request_changes(reviewed, "grace");
    github.request(reviewed, "ada", "linus");
    // Nothing but the check itself says that it failed: GitHub does not count that as a change of the pull request.
    github.check_ends(checked, "build", false);
    github.merge(ended, "linus");
    let new = github.open(PAYMENTS, "linus", "Four");
    let gone = github.open(PAYMENTS, "linus", "Five");
    github.close(gone, "linus");
    ground.later().await;
    github.lose_webhooks(false);
    let (outcome, _) = ground.run(Job::Github).await;
    assert_eq!(outcome, "done");
    assert_eq!(ground.line(reviewed).await, "One open mergeable [linus] [grace changes_requested] []");
    assert_eq!(ground.line(checked).await, "Two open mergeable [] [] [build]");
    assert!(ground.line(ended).await.starts_with("Three merged"));
    assert_eq!(ground.line(new).await, "Four open mergeable [] [] []");
    assert!(ground.line(gone).await.starts_with("Five closed"));
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn teams_are_read_with_their_members_and_again_only_where_they_changed(db: PgPool) {
    let ground = Ground::over(&db).await;
    ground.github.team("mosaic-lane", "core", &["linus", "ada"]);
    ground.github.team("mosaic-lane", "payments", &["grace"]);
    ground.run(Job::Github).await;
    let (_, note) = ground.run(Job::GithubTeams).await;
    assert_eq!(note, "Read 2 teams (3 changed).");
    ground.github.count_anew();
    let (_, note) = ground.run(Job::GithubTeams).await;
    assert_eq!((note.as_str(), ground.github.unchanged()), ("Read 2 teams.", 3));
    ground.github.team("mosaic-lane", "core", &["linus", "grace"]);
    let (_, note) = ground.run(Job::GithubTeams).await;
    assert_eq!(note, "Read 2 teams (2 changed).");
    let members = "select count(*) from github.team_member where gone_at is null";
    assert_eq!(ground.count(members).await, 3);
    ground.end().await;
}
