use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use console::Ctx;
use console::intake::Budget;
use console::notify::SharedPace;
use console::usage::recorder;
use domain::github::Whole;
use domain::tick::{Job, Tick};
use integrations::fake::World;
use integrations::fake::github::GitHub as Played;
use integrations::github::Client;
use scheduler::jobs::{GitHub, Jobs};
use scheduler::{Config, Runner};
use secrecy::SecretString;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::common::until;

/// The repository in which things happen.
pub(super) const PAYMENTS: &str = "mosaic-lane/payments";

/// GitHub, played, and what of us speaks with it: the receiver, the worker, and jobs that run when told to.
pub(super) struct Ground {
    pub(super) db: PgPool,
    pub(super) github: Played,
    pub(super) installation: i64,
    world: World,
    stop: CancellationToken,
    running: Vec<JoinHandle<()>>,
}

impl Ground {
    /// An organization of three people with a repository, and events that reach us.
    pub(super) async fn over(db: &PgPool) -> Self {
        let world = World::start().await.expect("a world");
        let github = world.github();
        let installation = github.organization("mosaic-lane");
        for login in ["ada", "grace", "linus"] {
            github.person(login);
        }
        github.repository(PAYMENTS, Some(1));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let url = format!("http://{}/webhooks/github", listener.local_addr().expect("an address"));
        let secret = SecretString::from("the-secret-of-the-app");
        let github_secrets = vec![secret.clone()];
        let parts =
            webhooks::Parts { db: db.clone(), budget: Budget::default(), github: github_secrets, pagerduty: vec![] };
        let router = webhooks::router(parts);
        let served = tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
        let stop = CancellationToken::new();
        let worker = webhooks::Worker::new(Ctx::new(db.clone(), recorder().0)).run(stop.clone());
        github.receiver(url.parse().expect("an address"), secret);
        Self { db: db.clone(), github, installation, world, stop, running: vec![served, tokio::spawn(worker)] }
    }

    /// A client as a replica has it.
    pub(super) fn client(&self) -> Client {
        let client = Client::patient(self.github.address(), &self.github.app(), Duration::from_secs(5));
        client.expect("a client").paced(Arc::new(SharedPace(self.db.clone())))
    }

    fn jobs(&self) -> Jobs {
        let off = || "off".to_string();
        let schedule = Config {
            github: off(),
            github_mergeability: off(),
            github_redeliver: off(),
            github_teams: off(),
            ..Config::default()
        };
        let github = Some(GitHub { client: self.client(), thought: Duration::from_millis(20), events: true });
        Jobs { schedule, directory: None, files: None, pagerduty: None, github, handover: None, sweeps: vec![] }
    }

    /// Runs a job once, and waits until what it told is applied; how it ended, and what it says.
    pub(super) async fn run(&self, job: Job) -> (String, String) {
        let mut connection = self.db.acquire().await.expect("a connection");
        let tick = Tick::ask(&mut connection, job, &serde_json::Value::Null, "a test").await.expect("a run");
        drop(connection);
        let stop = CancellationToken::new();
        let runner = Runner::new(self.db.clone(), "replica:1".into(), self.jobs()).expect("a schedule");
        let running = tokio::spawn(runner.run(stop.clone()));
        let ended = until("the end of a job", async || {
            sqlx::query_as("select outcome, note from schedule.tick where id = $1 and finished_at is not null")
                .bind(tick)
                .fetch_optional(&self.db)
                .await
                .expect("a row")
        });
        let ended = ended.await;
        stop.cancel();
        running.await.expect("an end");
        self.applied().await;
        ended
    }

    /// Lets the second pass in which something happened: GitHub's clock has seconds, and a reading is sure only of those that are over.
    pub(super) async fn later(&self) {
        self.applied().await;
        tokio::time::sleep(Duration::from_millis(2_100)).await;
    }

    /// Waits until no event is on its way or waits.
    pub(super) async fn applied(&self) {
        self.github.settled().await;
        until("an empty inbox", async || {
            (self.count("select count(*) from inbox.delivery where state = 'pending'").await == 0).then_some(())
        })
        .await;
    }

    /// What a query counts.
    pub(super) async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.db).await.expect("a count")
    }

    /// A pull request in a line: its state, who is asked, what reviewers say, and what failed.
    pub(super) async fn line(&self, id: i64) -> String {
        let mut connection = self.db.acquire().await.expect("a connection");
        let found = Whole::of(&mut connection, &[id]).await.expect("read");
        let Some(it) = found.first() else { return "unknown".into() };
        let asked = it.requests.iter().map(|it| match &it.of {
            domain::github::Reviewer::Actor(it) => it.login.clone(),
            domain::github::Reviewer::Team(it) => it.slug.clone(),
        });
        let said = it.reviews.iter().map(|it| {
            let by = it.by.as_ref().map_or("nobody", |it| &it.login);
            format!("{by} {}", it.verdict.as_str())
        });
        let failed = it.checks.failed.iter().map(|it| it.0.clone());
        let list = |all: Vec<String>| all.join(", ");
        let pull = &it.pull_request;
        format!(
            "{} {} {} [{}] [{}] [{}]",
            pull.title,
            pull.state.as_str(),
            pull.mergeable.as_str(),
            list(asked.collect()),
            list(said.collect()),
            list(failed.collect())
        )
    }

    /// Ends everything.
    pub(super) async fn end(self) {
        self.stop.cancel();
        self.running.iter().for_each(JoinHandle::abort);
        self.world.finish();
    }
}
