//! What somebody is shown of their own: the list without what they put aside, and the buttons that are of use to them.

use cards::{Action, Card};
use console::pull::list::Part;
use console::{Failure, Reply, act::PullWork, pull};
use domain::person::Person;
use sqlx::PgPool;

use super::acts::drawn;
use super::scene::PULL;
use super::{ADA, GRACE, LIN, Scene};

impl Scene {
    async fn somebody(&self, login: &str) -> Person {
        Person::named(&self.post.db, login).await.expect("people").expect("a person")
    }

    async fn lists(&self, (login, words): (&str, &str), all: bool) -> String {
        let person = self.somebody(login).await;
        shown(pull::list::answer(&self.ctx, Some(&person), words, Part { page: 1, all }).await)
    }

    /// The labels of the buttons that act, below the answer to `pr`.
    async fn offered(&self, login: &str) -> Vec<String> {
        let person = self.somebody(login).await;
        let card = pull::answer(&self.ctx, Some(&person), "payments#7", 1).await.expect("an answer");
        acts(&card)
    }
}

fn shown(reply: Reply) -> String {
    match reply {
        Ok(card) => drawn(&card),
        Err(Failure::User(card)) => drawn(&card),
        Err(error) => panic!("{error:?}"),
    }
}

fn acts(card: &Card) -> Vec<String> {
    let label = |it: &Action| match it {
        Action::Act { label, .. } => Some(label.clone()),
        Action::Read { .. } | Action::Form { .. } => None,
    };
    card.actions.iter().filter_map(label).collect()
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_somebody_put_aside_is_left_out_of_their_own_list_alone(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asks(ADA, GRACE).await;
    assert!(scene.lists(("grace", ""), false).await.contains("1 open pull request concerns you"));
    scene.does("grace", PullWork::Snooze).await;
    let own = scene.lists(("grace", ""), false).await;
    assert!(own.contains("0 open pull requests concern you") && !own.contains("payments#7"), "{own}");
    assert!(own.contains("1 pull request that you snoozed or passed on is left out; prs me --all lists"), "{own}");
    assert!(own.contains("prs user:grace --all") && !own.contains("Nothing is open"), "{own}");
    let all = scene.lists(("grace", "user:grace"), true).await;
    assert!(all.contains("payments#7") && all.contains("you snoozed it"), "{all}");
    for (login, words) in [("lin", "grace"), ("ada", "me"), ("grace", "mosaic-lane/payments"), ("grace", "all")] {
        let others = scene.lists((login, words), false).await;
        assert!(others.contains("payments#7") && !others.contains("snoozed"), "{login} {words}: {others}");
    }
    scene.writes(ADA, "@grace-gh?", &["grace-gh"]).await;
    assert!(scene.lists(("grace", ""), false).await.contains("payments#7"), "until somebody does something");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_passed_on_is_left_out_until_one_is_asked_again(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asks(ADA, GRACE).await;
    scene.confirms("grace", PullWork::Pass).await;
    let all = scene.lists(("grace", "me"), true).await;
    assert!(all.contains("you passed it on"), "{all}");
    assert!(!scene.lists(("grace", "me"), false).await.contains("payments#7"));
    scene.asking(PULL, ADA, GRACE, true).await;
    assert!(scene.lists(("grace", "me"), false).await.contains("payments#7"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_passed_to_somebody_is_in_their_list_until_they_reviewed_it(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.asks(ADA, GRACE).await;
    assert!(!scene.lists(("lin", ""), false).await.contains("payments#7"));
    scene.confirms("grace", PullWork::Pass).await;
    for login in ["lin", "ada"] {
        let theirs = scene.lists((login, "lin"), false).await;
        assert!(theirs.contains("Waiting for a review") && theirs.contains("payments#7"), "{login}: {theirs}");
    }
    scene.reviews(LIN, domain::github::Verdict::Commented, "Why?").await;
    assert!(!scene.lists(("lin", ""), false).await.contains("payments#7"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn only_what_somebody_may_do_and_has_use_for_is_offered(db: PgPool) {
    let scene = Scene::open(&db).await;
    assert_eq!(scene.offered("ada").await, ["Snooze"], "there is nobody to remind");
    scene.asks(ADA, GRACE).await;
    assert_eq!(scene.offered("ada").await, ["Remind reviewers", "Snooze"]);
    assert_eq!(scene.offered("grace").await, ["Not mine", "Snooze"]);
    assert_eq!(scene.offered("lin").await, Vec::<String>::new(), "who has nothing to do with it");
    let card = pull::answer(&scene.ctx, None, "payments#7", 1).await.expect("an answer");
    assert_eq!(acts(&card), Vec::<String>::new(), "nobody is signed in");
    scene.does("grace", PullWork::Snooze).await;
    assert_eq!(scene.offered("grace").await, ["Not mine"]);
    scene.confirms("grace", PullWork::Pass).await;
    assert_eq!(scene.offered("grace").await, Vec::<String>::new());
    assert_eq!(scene.offered("lin").await, ["Not mine", "Snooze"], "it was passed on");
    scene.reviews(LIN, domain::github::Verdict::Approved, "").await;
    assert_eq!(scene.offered("ada").await, ["Snooze"], "it can be merged");
    scene.sql("update github.pull_request set state = 'merged'").await;
    assert_eq!(scene.offered("ada").await, Vec::<String>::new());
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn words_that_name_nothing_are_answered_about_pull_requests(db: PgPool) {
    let scene = Scene::open(&db).await;
    let told = scene.lists(("ada", "zeppelin"), false).await;
    assert!(told.contains("Nothing here is called “zeppelin”") && told.contains("prs all"), "{told}");
    assert!(!told.contains("on call"), "{told}");
    let person = scene.somebody("ada").await;
    for words in ["", "zeppelin"] {
        let told = shown(pull::load::answer(&scene.ctx, Some(&person), words).await);
        assert!(!told.contains("on call") && (told.contains("prs payments --load") || words == "zeppelin"), "{told}");
    }
}
