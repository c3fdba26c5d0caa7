use domain::github::Verdict;
use sqlx::PgPool;

use super::scene::words;
use super::{ADA, GRACE, LIN, Scene};
use crate::common::harmless;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn messages_as_slack_shows_them(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.sql("update github.pull_request set approvals_needed = 2").await;
    scene.checks(super::scene::PULL, "lint", "success").await;
    scene.checks(super::scene::PULL, "build", "failure").await;
    scene.asks(ADA, GRACE).await;
    scene.reviews(LIN, Verdict::Approved, "Fine & <!channel>").await;
    insta::assert_snapshot!(words(&scene.posted("D0GRACE").0[0]), @r"
    ! mosaic-lane/payments#7 Retry &lt;!channel&gt; once

    ada asks you to review this. Its checks fail for now.

      Status:     checks failed
      By:         ada
      Approvals:  1 of 2
      Checks:     1 of 2 failed: build
      Size:       +120 −8 in 5 files

    Open it at GitHub (https://github.example/it/7)

    Next
      [Not mine] [Snooze]
    ");
    insta::assert_snapshot!(words(&scene.posted("D0ADA").0[0]), @r"
    ✗ mosaic-lane/payments#7 Retry &lt;!channel&gt; once

    Your pull request failed its checks: mend it and push, or run them again.

      Status:     checks failed
      Approvals:  1 of 2
      Checks:     1 of 2 failed: build
      Size:       +120 −8 in 5 files
      Last:       lin approved

    “Fine &amp; &lt;!channel&gt;” at GitHub (https://github.example/r)

    Open it at GitHub (https://github.example/it/7)

    Next
      [Remind reviewers] [Snooze]
    ");
    for entry in [scene.posted("D0GRACE").0, scene.posted("D0ADA").0].concat() {
        harmless(entry.message().expect("a message"));
    }
}
