//! The demo's GitHub: a morning of pull requests among the company's people, told by events and read as any GitHub is.

use std::time::Duration;

use anyhow::Result;
use chrono::Utc;
use domain::PgPool;
use domain::tick::{Job, Tick};
use integrations::fake::World;
use integrations::fake::github::{Morning, Opened};
use integrations::github::Client;
use scheduler::jobs::GitHub;
use secrecy::SecretString;
use tokio::task::JoinHandle;
use url::Url;
use uuid::Uuid;

/// How long the end waits for the last events.
const LAST_EVENTS: Duration = Duration::from_secs(3);

/// A morning that has begun.
pub(super) struct Begun {
    morning: Morning,
    opened: Opened,
    /// What signs the events.
    pub(super) secret: SecretString,
}

/// Lets GitHub have the company's pull requests, and send its events here.
pub(super) async fn open(world: &World, morning: &str, signed: &Url) -> Result<Begun> {
    let github = world.github();
    let morning = Morning::parse(morning)?;
    github.after_others(Utc::now());
    let opened = github.begin(&morning).await;
    let secret = SecretString::from(Uuid::new_v4().simple().to_string());
    github.receiver(Url::parse(&format!("{}webhooks/github", signed.as_str()))?, secret.clone());
    Ok(Begun { morning, opened, secret })
}

/// The jobs that read it.
pub(super) fn jobs(world: &World) -> Result<GitHub> {
    let client = Client::new(world.github().address(), &world.github().app())?;
    Ok(GitHub { client, thought: GitHub::THOUGHT, events: true })
}

/// Has it read as soon as jobs run.
pub(super) async fn ask(db: &PgPool) -> Result<()> {
    let mut connection = db.acquire().await?;
    for job in [Job::Github, Job::GithubTeams] {
        Tick::ask(&mut connection, job, &serde_json::Value::Null, "the demo").await?;
    }
    Ok(())
}

/// Lets the morning take its course.
pub(super) fn play(world: &World, begun: Begun) -> JoinHandle<()> {
    let github = world.github();
    tokio::spawn(async move { github.play(&begun.morning, &begun.opened).await })
}

/// Leaves no pull request open: the data stays, but the next start has a GitHub that knows none of them.
pub(super) async fn close(world: &World, played: JoinHandle<()>) {
    played.abort();
    let _ = tokio::time::timeout(LAST_EVENTS, world.github().end()).await;
}
