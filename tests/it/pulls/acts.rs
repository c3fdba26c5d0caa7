//! Reminding, snoozing and passing on.

use console::act::{self, Asker, Deed, PullWork, Seen};
use console::{Failure, Reply};
use domain::github::{Change, Verdict};
use domain::person::Person;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::scene::PULL;
use super::{ADA, BOT, GRACE, LIN, Scene};
use crate::common::scalar;

impl Scene {
    async fn person(&self, login: &str) -> Person {
        Person::named(&self.post.db, login).await.expect("people").expect("a person")
    }

    async fn reviewed(&self, login: &str, work: PullWork) -> Reply {
        let person = self.person(login).await;
        let asker = Asker { person: &person, request: Uuid::new_v4() };
        let reply = act::review(&self.ctx, asker, &Deed::Pull(work, PULL), (Seen::Now, &Value::Null)).await;
        self.send().await;
        reply
    }

    /// What somebody is shown who does something.
    pub(super) async fn does(&self, login: &str, work: PullWork) -> String {
        match self.reviewed(login, work).await {
            Ok(card) => drawn(&card),
            Err(Failure::User(card)) => drawn(&card),
            Err(error) => panic!("{error:?}"),
        }
    }

    /// The same, confirmed.
    pub(super) async fn confirms(&self, login: &str, work: PullWork) -> String {
        let asked = self.reviewed(login, work).await.expect("a question");
        let command = asked.actions.iter().find_map(|it| match it {
            cards::Action::Read { ask, .. } => ask.command.strip_prefix("confirm ").map(String::from),
            _ => None,
        });
        let person = self.person(login).await;
        let asker = Asker { person: &person, request: Uuid::new_v4() };
        let done = act::confirm(&self.ctx, asker, &command.expect("a code")).await.expect("done");
        self.send().await;
        format!("{}\n{}", drawn(&asked), drawn(&done))
    }
}

pub(super) fn drawn(card: &cards::Card) -> String {
    let public = "https://pin.example/".parse().expect("an address");
    let accounts = std::collections::HashMap::new();
    let reader = cards::Reader { public: &public, mentions: &accounts, zone: chrono_tz::Tz::UTC, now: None };
    cards::terminal::text(card, &reader, cards::terminal::Style { colour: false, width: 200 })
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_author_reminds_reviewers_once_in_a_while(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asks(ADA, GRACE).await;
    let refused = scene.does("grace", PullWork::Nudge).await;
    assert!(refused.contains("You may not remind reviewers"), "{refused}");
    let done = scene.does("ada", PullWork::Nudge).await;
    assert!(done.contains("Reviewers were reminded"), "{done}");
    assert_eq!(scene.answers("D0GRACE"), ["! ada reminds you: this waits for your review"]);
    let early = scene.does("ada", PullWork::Nudge).await;
    assert!(early.contains("They were reminded a while ago") && early.contains("once in 4 hours of work"), "{early}");
    scene.sql("update github.nudge set nudged_at = nudged_at - interval '8 days'").await;
    scene.minutes(10).await;
    scene.does("ada", PullWork::Nudge).await;
    assert_eq!(scene.answers("D0GRACE").len(), 2);
    assert_eq!(scalar::<i64>(&db, "select count(*) from audit.entry where action = 'nudge-review'").await, 7);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn nobody_is_reminded_where_nobody_is_asked_and_nothing_is_noted(db: PgPool) {
    let scene = Scene::open(&db).await;
    let told = scene.does("ada", PullWork::Nudge).await;
    assert!(told.contains("There is nobody to remind"), "{told}");
    assert_eq!(scalar::<i64>(&db, "select count(*) from github.nudge").await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_snoozed_is_quiet_until_somebody_else_does_something(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asks(ADA, GRACE).await;
    scene.does("grace", PullWork::Snooze).await;
    assert!(scene.messages("D0GRACE")[0].contains("You snoozed this"));
    scene.plays(Some(BOT), vec![super::scene::comment("@grace-gh", &["grace-gh"])]).await;
    scene.plays(Some(ADA), vec![Change::Passed]).await;
    assert!(scene.answers("D0GRACE").is_empty() && scene.messages("D0GRACE")[0].contains("You snoozed this"));
    scene.writes(ADA, "@grace-gh?", &["grace-gh"]).await;
    assert_eq!(scene.answers("D0GRACE"), ["ada mentioned you"]);
    assert!(scene.messages("D0GRACE")[0].contains("asks you to review this."));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_review_that_is_not_mine_goes_to_the_next_of_my_team(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asks(ADA, GRACE).await;
    let refused = scene.does("lin", PullWork::Pass).await;
    assert!(refused.contains("You may not pass a review on"), "{refused}");
    let told = scene.confirms("grace", PullWork::Pass).await;
    assert!(told.contains("Pass this review on?") && told.contains("lin (Payments, 0 reviews waiting)"), "{told}");
    assert!(told.contains("Passed on") && told.contains("GitHub still lists you as asked"), "{told}");
    assert!(scene.messages("D0GRACE")[0].contains("You passed this review on: nothing for you to do."));
    let message = scene.messages("D0LIN").remove(0);
    assert!(message.contains("This review was passed to you: review it."), "{message}");
    assert!(message.contains("grace passed this review to you"), "{message}");
    // What is passed on stays so until she is asked by name again, and goes round once.
    scene.plays(Some(ADA), vec![Change::Ready]).await;
    assert!(scene.answers("D0GRACE").is_empty());
    let told = scene.confirms("lin", PullWork::Pass).await;
    assert!(told.contains("Nobody else of your teams there can be asked"), "{told}");
    scene.asking(PULL, ADA, GRACE, true).await;
    scene.send().await;
    assert_eq!(scene.answers("D0GRACE"), ["! ada asks you to review this again"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn over_is_over(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asks(ADA, GRACE).await;
    scene.reviews(LIN, Verdict::Approved, "").await;
    scene.sql("update github.pull_request set state = 'merged'").await;
    for (login, work) in [("ada", PullWork::Nudge), ("grace", PullWork::Pass), ("grace", PullWork::Snooze)] {
        let told = scene.does(login, work).await;
        assert!(told.contains("It is merged: there is nothing to do about it any more."), "{told}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_typed_names_the_pull_request(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asks(ADA, GRACE).await;
    let person = scene.person("ada").await;
    for (words, expected) in [
        ("Mosaic-Lane/payments#7", "Reviewers were reminded"),
        ("payments#8", "There is no pull request"),
        ("nonsense", "There is no pull request"),
    ] {
        let asker = Asker { person: &person, request: Uuid::new_v4() };
        let told = match act::pull::ask(&scene.ctx, asker, PullWork::Nudge, words).await {
            Ok(card) => drawn(&card),
            Err(Failure::User(card)) => drawn(&card),
            Err(error) => panic!("{error:?}"),
        };
        assert!(told.contains(expected), "{words}: {told}");
    }
}
