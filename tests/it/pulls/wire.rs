//! From GitHub's signed event to Slack's message, through the whole program.

use std::time::{Duration, Instant};

use domain::account::{Account, Platform, Proof};
use domain::person::Person;
use domain::tick::{Job, Tick};
use integrations::fake::github::GitHub;
use integrations::fake::slack::{Entry, SlackMember};
use sqlx::PgPool;

use super::scene::words;
use crate::common::{Office, people, scalar, until};

const REPOSITORY: &str = "mosaic-lane/payments";
/// Longer than any notice is held back for what may come with it.
const LONGEST: Duration = Duration::from_secs(40);

const PEOPLE: [&str; 3] = ["ada", "grace", "linus"];

/// Ada, Grace and Linus, whom GitHub knows under the same names; Grace and Linus are of the payments team there.
struct Wire {
    db: PgPool,
    office: Office,
    github: GitHub,
    team: i64,
}

impl Wire {
    async fn open(db: &PgPool) -> Self {
        people(db, &PEOPLE.join("\n")).await;
        for login in PEOPLE {
            let person = Person::named(db, login).await.expect("people").expect("a person").id;
            let account = (Platform::Github, "", login);
            Account::prove(db, person, account, Proof::Administrator, None).await.expect("an account");
        }
        let (office, github) = Office::reviewing(db).await;
        office.slack.member(SlackMember::new("U0LINUS", "Linus Meyer", "linus@pinconsole.example"));
        github.organization("mosaic-lane");
        for login in PEOPLE {
            github.person(login);
        }
        let team = github.team("mosaic-lane", "payments", &["grace", "linus"]);
        github.repository(REPOSITORY, Some(1));
        let wire = Self { db: db.clone(), office, github, team };
        wire.reads(Job::Github).await;
        wire.reads(Job::GithubTeams).await;
        wire
    }

    /// Has the program read GitHub now.
    async fn reads(&self, job: Job) {
        let mut connection = self.db.acquire().await.expect("a connection");
        let tick = Tick::ask(&mut connection, job, &serde_json::Value::Null, "a test").await.expect("a run");
        let ended = until("the end of a job", async || {
            let sql = "select outcome from schedule.tick where id = $1 and finished_at is not null";
            sqlx::query_scalar::<_, String>(sql).bind(tick).fetch_optional(&self.db).await.expect("a row")
        });
        assert_eq!(ended.await, "done");
    }

    /// What of the messages to somebody says this, once one does.
    async fn hears(&self, login: &str, wanted: &str) -> String {
        let begun = Instant::now();
        until(&format!("{login} to be told: {wanted}"), async || {
            let told: Vec<String> = self.told(login).iter().map(words).collect();
            assert!(begun.elapsed() < LONGEST, "{login} is not told {wanted}, but {told:#?}");
            told.into_iter().find(|it| it.contains(wanted))
        })
        .await
    }

    /// Messages to somebody, with what answers those.
    fn told(&self, login: &str) -> Vec<Entry> {
        self.office.slack.posted(&format!("D0{}", login.to_uppercase()))
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn every_notice_comes_from_an_event_of_github(db: PgPool) {
    let wire = Wire::open(&db).await;
    let github = &wire.github;
    let pull = github.open(REPOSITORY, "ada", "Retry once");

    github.request(pull, "ada", "grace");
    let asked = wire.hears("grace", "ada asks you to review this").await;
    assert!(asked.contains("mosaic-lane/payments#1") && asked.contains("Retry once"), "{asked}");
    github.request_changes(pull, "grace");
    wire.hears("ada", "grace wants changes").await;
    github.push(pull, "ada");
    github.request(pull, "ada", "grace");
    wire.hears("grace", "ada asks you to review this again").await;
    github.comment(pull, "linus", "Twice is too often.");
    wire.hears("ada", "linus commented").await;
    github.comment(pull, "ada", "@linus, why?");
    wire.hears("linus", "ada mentioned you").await;
    github.check_begins(pull, "build");
    github.check_ends(pull, "build", false);
    wire.hears("ada", "build").await;
    github.check_begins(pull, "build");
    github.check_ends(pull, "build", true);
    github.approve(pull, "grace");
    wire.hears("ada", "grace approved").await;
    wire.hears("ada", "It can be merged.").await;
    github.conflicts(pull, true);
    github.push_main(REPOSITORY, "linus");
    wire.reads(Job::GithubMergeability).await;
    wire.hears("ada", "It conflicts with main").await;
    github.conflicts(pull, false);
    github.push(pull, "ada");
    github.enqueue(pull, "ada");
    github.dequeue(pull, "CI_FAILURE");
    wire.hears("ada", "It left the merge queue").await;
    github.merge(pull, "linus");
    wire.hears("ada", "linus merged it").await;

    for login in PEOPLE {
        let all = wire.told(login);
        let own = all.iter().filter(|it| it.message().is_some_and(|it| it.get("thread_ts").is_none()));
        assert_eq!(own.count(), 1, "{login}: {all:?}");
    }
    let state: String = scalar(&db, "select string_agg(distinct state, ' ') from inbox.delivery").await;
    assert!(state.split(' ').all(|it| ["applied", "ignored"].contains(&it)), "{state}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_review_that_is_passed_on_is_passed_on_at_github(db: PgPool) {
    let wire = Wire::open(&db).await;
    // That team may see what is there: it was asked before.
    let other = wire.github.open(REPOSITORY, "ada", "Retry twice");
    wire.github.request_team(other, "ada", wire.team);
    let pull = wire.github.open(REPOSITORY, "ada", "Retry once");
    wire.github.request(pull, "ada", "grace");
    wire.hears("grace", "ada asks you to review this").await;
    let asked = wire.office.slack.command("U0GRACE", "/pin pr pass payments#2").await;
    let asked = wire.office.slack.answer(&asked).await.expect("a question");
    assert!(words(&asked).contains("GitHub asks them instead of you, too."), "{}", words(&asked));
    let code = words(&asked)
        .split("confirm ")
        .nth(1)
        .map(|it| it.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '-').collect());
    let code: String = code.unwrap_or_else(|| panic!("nothing to confirm: {}", words(&asked)));
    // GitHub wants a second between changes, so that the answer may come by message on a busy machine.
    let mut done = wire.office.told("U0GRACE", &format!("/pin confirm {code}")).await;
    if done.contains("Under way") {
        done = wire.hears("grace", "Passed on").await;
    }
    assert!(done.contains("Passed on") && done.contains("GitHub asks them instead of you."), "{done}");
    assert_eq!(wire.github.requested(pull), ["linus"]);
    wire.hears("linus", "This review was passed to you: review it.").await;
    wire.hears("grace", "You passed this review on: nothing for you to do.").await;
    domain::audit_chain::verify(&db, None).await.expect("rows").expect("a chain");
}
