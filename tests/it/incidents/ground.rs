use std::net::Ipv4Addr;
use std::time::Duration;

use console::Ctx;
use console::intake::Budget;
use console::notify::Destination;
use console::usage::recorder;
use domain::incidents::{Assignee, Incident, LogEntry};
use domain::tick::{Job, Tick};
use integrations::fake::World;
use integrations::fake::pagerduty::{
    Company, Level, PagerDuty as Played, PagerPolicy, PagerSchedule, PagerService, PagerUser,
};
use integrations::pagerduty::Client;
use scheduler::jobs::{Feed, Jobs, PagerDuty};
use scheduler::{Config, Runner};
use secrecy::SecretString;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::common::until;

/// The secret that signs PagerDuty's events.
const SECRET: &str = "the-secret-of-the-subscription";

/// The channel of those on call.
pub(super) const CHANNEL: &str = "C0ONCALL";

/// PagerDuty, played, and what of us speaks with it: the receiver, the worker, and replicas that read it when told to.
pub(super) struct Ground {
    pub(super) db: PgPool,
    pub(super) pagerduty: Played,
    pub(super) world: World,
    /// Where the events come in.
    url: url::Url,
    stop: CancellationToken,
    running: Vec<JoinHandle<()>>,
}

impl Ground {
    /// A company of two people who share one schedule, with events that reach us.
    pub(super) async fn over(db: &PgPool) -> Self {
        let world = World::start().await.expect("a world");
        let pagerduty = world.pagerduty();
        pagerduty.load(company());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let url: url::Url = format!("http://{address}/webhooks/pagerduty").parse().expect("an address");
        let secret = SecretString::from(SECRET);
        let parts = webhooks::Parts {
            db: db.clone(),
            budget: Budget::default(),
            github: vec![],
            pagerduty: vec![secret.clone()],
        };
        let router = webhooks::router(parts);
        let served = tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
        let stop = CancellationToken::new();
        let worker = webhooks::Worker::new(Ctx::new(db.clone(), recorder().0)).run(stop.clone());
        let running = vec![served, tokio::spawn(worker)];
        pagerduty.receiver(url.clone(), vec![secret]);
        Self { db: db.clone(), pagerduty, world, url, stop, running }
    }

    /// Another replica's jobs.
    pub(super) fn jobs(&self) -> Jobs {
        let off = || "off".to_string();
        let schedule = Config { pagerduty: off(), pagerduty_feed: off(), ..Config::default() };
        let client = Client::patient(self.pagerduty.address(), Duration::from_secs(2)).expect("a client");
        let feed = Some(Feed { url: self.url.to_string(), patience: Duration::from_secs(2) });
        let pagerduty = Some(PagerDuty { client, channel: Some(Destination::SlackChannel(CHANNEL.into())), feed });
        Jobs { schedule, directory: None, files: None, pagerduty, github: None, handover: None, sweeps: vec![] }
    }

    /// Runs a job once, on as many replicas as these; how it ended, and what it says.
    pub(super) async fn run(&self, job: Job, replicas: usize) -> (String, String) {
        let mut connection = self.db.acquire().await.expect("a connection");
        let tick = Tick::ask(&mut connection, job, &serde_json::Value::Null, "a test").await.expect("a run");
        drop(connection);
        let stop = CancellationToken::new();
        let replica = |nth: usize| Runner::new(self.db.clone(), format!("replica-{nth}:1"), self.jobs());
        let running: Vec<_> =
            (0..replicas).map(|nth| tokio::spawn(replica(nth).expect("a schedule").run(stop.clone()))).collect();
        let ended = until("the end of a job", async || self.ended(tick).await).await;
        stop.cancel();
        for it in running {
            it.await.expect("an end");
        }
        ended
    }

    /// How a run ended, and what it says.
    pub(super) async fn ended(&self, tick: uuid::Uuid) -> Option<(String, String)> {
        sqlx::query_as("select outcome, note from schedule.tick where id = $1 and finished_at is not null")
            .bind(tick)
            .fetch_optional(&self.db)
            .await
            .expect("a row")
    }

    /// Reads PagerDuty, and waits until what that told is applied.
    pub(super) async fn poll(&self) -> (String, String) {
        let ended = self.run(Job::Pagerduty, 1).await;
        self.applied().await;
        ended
    }

    /// Waits until no event is on its way or waits.
    pub(super) async fn applied(&self) {
        self.pagerduty.settled().await;
        until("an empty inbox", async || {
            (self.count("select count(*) from inbox.delivery where state = 'pending'").await == 0).then_some(())
        })
        .await;
    }

    /// What a query counts.
    pub(super) async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.db).await.expect("a count")
    }

    /// An incident in a line: its status, and whom it asks.
    pub(super) async fn line(&self, id: &str) -> Option<String> {
        let it = Incident::with_id(&self.db, id).await.expect("read")?;
        let asked = Assignee::of(&self.db, id).await.expect("read");
        let asked: Vec<String> = asked.into_iter().map(|it| it.name).collect();
        Some(format!("{} {} [{}]", it.title, it.status.as_str(), asked.join(", ")))
    }

    /// What happened to an incident, in words.
    pub(super) async fn log(&self, id: &str) -> Vec<String> {
        let log = LogEntry::of(&self.db, id, 100).await.expect("read");
        let line =
            |it: LogEntry| format!("{} {} {}", it.kind, it.who.unwrap_or_default(), it.text).trim_end().to_string();
        log.into_iter().map(line).collect()
    }

    /// The titles of the messages in the outbox to a destination.
    pub(super) async fn said(&self, destination: &str) -> Vec<String> {
        let said = "select card ->> 'title' from notify.message where ways[1] = $1 order by created_at, id";
        sqlx::query_scalar(said).bind(destination).fetch_all(&self.db).await.expect("messages")
    }

    /// Ends everything.
    pub(super) async fn end(self) {
        self.stop.cancel();
        self.running.iter().for_each(JoinHandle::abort);
        self.world.finish();
    }
}

fn company() -> Company {
    let start = "2026-01-05T09:00:00Z".parse().expect("a moment");
    let schedule = PagerSchedule::new("PSCHED1", "Payments primary").shift(start, 24 * 400, "PADA");
    Company {
        users: vec![
            PagerUser::new("PADA", "Ada", "Ada@Mosaic.example"),
            PagerUser::new("PGRACE", "Grace", "grace@mosaic.example"),
        ],
        schedules: vec![schedule],
        policies: vec![PagerPolicy::new(
            "PEP1",
            "Payments",
            vec![Level::schedules(&["PSCHED1"]), Level::users(&["PGRACE"])],
        )],
        services: vec![PagerService::new("PSVC1", "payments-api", "PEP1")],
        priorities: vec![],
    }
}
