//! Everything that runs while the program answers, put together.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bot::fronts::{slack as slack_front, terminal};
use console::errand::{self, Carrier};
use console::intake::Budget;
use console::link_github::Door;
use console::notify::{self, Sender, SharedPace};
use console::usage::{Writer, recorder};
use console::{Administrators, Ctx, inbox};
use domain::readiness::Readiness;
use domain::{PgPool, pool};
use integrations::github::OAuth;
use integrations::{github, pagerduty};
use scheduler::Runner;
use secrecy::{ExposeSecret, SecretString};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::config::Config;
use crate::environment::{Environment, GitHub, SlackEnvironment};
use crate::head;
use crate::listen::Listener;
use crate::metrics::Metrics;

/// What is running.
pub struct App {
    stop: CancellationToken,
    tracker: TaskTracker,
    listeners: Vec<JoinHandle<()>>,
    writer: JoinHandle<()>,
    runner: JoinHandle<()>,
    pools: [PgPool; 3],
}

/// What to run.
pub struct Parts {
    /// A context over the database, and where its uses are written.
    pub ctx: Ctx,
    /// The other end of the context's recorder.
    pub writer: Writer,
    /// The address below which readers find our pages.
    pub public: Url,
    /// Slack, where it is configured.
    pub slack: Option<SlackEnvironment>,
    /// Who is told what needs them.
    pub administrators: Administrators,
    /// Secrets that verify GitHub's events.
    pub github_webhook: Vec<SecretString>,
    /// The same for PagerDuty's.
    pub pagerduty_webhook: Vec<SecretString>,
    /// PagerDuty's API, where it is configured.
    pub pagerduty: Option<pagerduty::Address>,
    /// GitHub's API, where an app of ours is there.
    pub github: Option<github::Client>,
    /// How long events are kept.
    pub inbox: inbox::Config,
    /// What happens by itself.
    pub runner: Runner,
    /// Where signed requests come in.
    pub listener: Listener,
    /// Where pages and terminals come in.
    pub web: Listener,
    /// Where figures are read.
    pub metrics: Listener,
    /// What only the demo has.
    pub demo: Option<Demo>,
}

/// What only the demo has.
pub struct Demo {
    /// A token that answers as anybody.
    pub token: SecretString,
    /// The pages of its chat.
    pub pages: Router,
}

/// A pool over the database that the environment names.
pub fn database(config: &Config, environment: &Environment) -> Result<PgPool> {
    let Some(url) = &environment.database_url else {
        bail!(
            "DATABASE_URL is not set. Set it to a Postgres 14 or later, such as postgres://pinconsole@localhost/pinconsole, \
             or start with --managed-postgres"
        )
    };
    pool_of(url.expose_secret(), config.database.connections)
}

/// A pool over this database.
pub fn pool_of(url: &str, connections: u32) -> Result<PgPool> {
    // The parser's own message may repeat the address with its password.
    pool::pool(url, connections).ok().context("DATABASE_URL is no address of a Postgres database")
}

/// A context over this database, and where the uses of commands are written.
pub fn context(db: PgPool) -> (Ctx, Writer) {
    let (recorder, writer) = recorder();
    (Ctx::new(db, recorder), writer)
}

impl App {
    /// Starts everything; the listeners answer when this returns.
    pub fn start(parts: Parts) -> Result<Self> {
        let Parts {
            ctx,
            writer,
            public,
            slack,
            administrators,
            github_webhook,
            pagerduty_webhook,
            pagerduty: api,
            github: github_app,
            inbox,
            runner,
            listener,
            web,
            metrics,
            demo,
        } = parts;
        let (budget, ctx) = (Budget::default(), ctx.reaching(api.is_some(), github_app.is_some()));
        let (stop, tracker, db) = (CancellationToken::new(), TaskTracker::new(), ctx.db.clone());
        let carrying = ctx.clone().over(pool::carrying(&db));
        let figures = Metrics::start(ctx.clone())?;
        tracker.spawn(figures.clone().keep(stop.clone()));
        let writer = tokio::spawn(writer.run(db.clone()));
        tracker.spawn(head::tell(db.clone(), stop.clone()));
        let readiness = Arc::new(Readiness::of(&db));
        tracker.spawn(inbox::prepare(db.clone(), inbox, stop.clone()));
        let (github, pagerduty) = (github_webhook, pagerduty_webhook);
        let events = webhooks::Parts { db: db.clone(), budget: budget.clone(), github, pagerduty };
        let applying = ctx.clone().over(pool::applying(&db));
        tracker.spawn(webhooks::Worker::new(applying.clone()).run(stop.clone()));
        if api.is_some() || github_app.is_some() {
            let client =
                |it| Ok::<_, anyhow::Error>(pagerduty::Client::new(it)?.paced(Arc::new(SharedPace(db.clone()))));
            let pagerduty = api.map(client).transpose()?;
            let (db, defaults) = (carrying.db.clone(), ctx.defaults.clone());
            let carrier = Carrier::new(errand::Parts { db, pagerduty, github: github_app, defaults });
            tracker.spawn(carrier.run(stop.clone()));
        }
        let mut signed = health(readiness.clone()).merge(webhooks::router(events));
        if let Some(slack) = slack {
            let client = slack_client(&slack)?.paced(Arc::new(SharedPace(carrying.db.clone())));
            let sender =
                notify::Parts { ctx: carrying.clone(), slack: client.clone(), public: public.clone(), administrators };
            tracker.spawn(Sender::new(sender).run(stop.clone()));
            let front = slack_front::Front::new(slack_front::Parts {
                ctx: ctx.clone(),
                slack: client,
                signing: slack.signing,
                public: public.clone(),
                tracker: tracker.clone(),
                budget: budget.clone(),
            });
            tracker.spawn(front.clone().finish_others(stop.clone()));
            signed = signed.merge(front.router());
        }
        let (token, pages) = demo.map_or((None, Router::new()), |it| (Some(it.token), it.pages));
        let state =
            web::State { ctx: ctx.clone(), public: public.clone(), help: Arc::new(help), demo: token.is_some() };
        if ctx.github_door.is_some() {
            signed = signed.merge(web::public_router(state.clone()));
        }
        let pages = web::router(state)
            .merge(pages)
            .merge(terminal::router(ctx, public, token, budget))
            .merge(health(readiness));
        let served = [(listener, signed), (web, pages), (metrics, figures.router())];
        let listeners = served.map(|(listener, router)| tokio::spawn(listener.serve(router, stop.clone()))).into();
        let runner = tokio::spawn(runner.run(stop.clone()));
        Ok(Self { stop, tracker, listeners, writer, runner, pools: [db, carrying.db, applying.db] })
    }

    /// Finishes what is under way and ends, within 25 seconds.
    pub async fn end(self) {
        let begun = tokio::time::Instant::now();
        self.stop.cancel();
        for listener in self.listeners {
            let _ = listener.await;
        }
        if tokio::time::timeout_at(begun + LAST_RUNS, self.runner).await.is_err() {
            tracing::warn!("a job was cut off; another replica takes it over");
        }
        self.tracker.close();
        if tokio::time::timeout(LAST_ANSWERS, self.tracker.wait()).await.is_err() {
            tracing::warn!("some answers were cut off; another replica finishes those that act");
        }
        if tokio::time::timeout(LAST_USES, self.writer).await.is_err() {
            tracing::warn!("the last uses of commands were not recorded");
        }
        let closing = futures::future::join_all(self.pools.iter().map(PgPool::close));
        let _ = tokio::time::timeout(LAST_USES, closing).await;
    }
}

/// Jobs have 12 seconds to finish, and some to be given back; all the while listeners finish, too.
const LAST_RUNS: Duration = Duration::from_secs(15);
const LAST_ANSWERS: Duration = Duration::from_secs(8);
const LAST_USES: Duration = Duration::from_secs(2);

/// Where people sign in at GitHub, where the environment names an app for that.
pub fn door(environment: &Environment) -> Result<Option<Arc<Door>>> {
    let GitHub { address, credentials, .. } = environment.github.clone();
    let Some(credentials) = credentials else { return Ok(None) };
    Ok(Some(Door::new(OAuth::new(address, credentials)?, environment.public_url.clone())))
}

/// A client for the workspace that the environment names.
pub fn slack_client(slack: &SlackEnvironment) -> Result<integrations::slack::Client> {
    let address = integrations::slack::Address {
        api_url: slack.api_url.clone(),
        bot_token: slack.bot_token.clone(),
        response_hosts: Vec::new(),
    };
    integrations::slack::Client::new(address)
}

fn help(command: Option<&str>) -> Option<cards::Card> {
    match command {
        Some(name) => bot::help::on(name).ok(),
        None => Some(bot::help::all()),
    }
}

/// `/healthz` says that the process lives, `/readyz` whether it can answer and what is missing.
fn health(readiness: Arc<Readiness>) -> Router {
    Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready)).with_state(readiness)
}

async fn ready(State(readiness): State<Arc<Readiness>>) -> Response {
    match readiness.ask().await {
        Ok(()) => "ready\n".into_response(),
        Err(missing) => {
            (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "5")], format!("{missing}\n")).into_response()
        }
    }
}
