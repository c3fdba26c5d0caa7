//! The demo's GitHub: a morning of pull requests among the company's people, told by events and read as any GitHub is.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, Utc};
use console::link_github::Door;
use domain::PgPool;
use domain::delivery::{Source, State, counts};
use domain::tick::{Job, Tick};
use integrations::fake::World;
use integrations::fake::github::{Morning, Opened};
use integrations::github::{Client, OAuth};
use scheduler::jobs::GitHub;
use secrecy::SecretString;
use tokio::task::JoinHandle;
use url::Url;
use uuid::Uuid;

/// How long the end waits for the last events.
const LAST_EVENTS: Duration = Duration::from_secs(3);

/// How long the start waits for what happened before.
const EARLIER: Duration = Duration::from_secs(10);

/// A morning that has begun.
pub(super) struct Begun {
    morning: Morning,
    opened: Opened,
    /// What signs the events.
    pub(super) secret: SecretString,
}

/// Lets GitHub have the company's pull requests, and send its events here.
pub(super) fn open(world: &World, morning: &str, signed: &Url) -> Result<Begun> {
    let github = world.github();
    let morning = Morning::parse(morning)?;
    github.after_others(Utc::now());
    let opened = github.begin(&morning);
    let secret = SecretString::from(Uuid::new_v4().simple().to_string());
    github.receiver(Url::parse(&format!("{}webhooks/github", signed.as_str()))?, secret.clone());
    Ok(Begun { morning, opened, secret })
}

/// Tells what happened before the morning, and waits until it is known here: what is read after that says of less when it was.
pub(super) async fn tell_earlier(world: &World, db: &PgPool, since: DateTime<Utc>) {
    let known = async {
        world.github().tell_earlier().await;
        while waiting(db, since).await.unwrap_or(true) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    // Without it, the first answers know of less.
    let _ = tokio::time::timeout(EARLIER, known).await;
}

/// Whether events of GitHub's are not applied yet.
async fn waiting(db: &PgPool, since: DateTime<Utc>) -> Result<bool> {
    let (source, state) = (Source::Github.as_str(), State::Pending.as_str());
    Ok(counts(db, since).await?.iter().any(|it| it.source == source && it.state == state))
}

/// The jobs that read it.
pub(super) fn jobs(world: &World) -> Result<GitHub> {
    let client = Client::new(world.github().address(), &world.github().app())?;
    Ok(GitHub { client, thought: GitHub::THOUGHT, events: true })
}

/// Where the company's people sign in there; pages are below this address.
pub(super) fn door(world: &World, pages: &Url) -> Result<Arc<Door>> {
    let oauth = OAuth::new(world.github().address(), world.github().credentials())?;
    Ok(Door::new(oauth, pages.clone()))
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
