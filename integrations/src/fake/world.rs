use std::future::ready;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::{Method, StatusCode};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::github::GitHub;
use super::pagerduty::PagerDuty;
use super::slack::Slack;

/// Everything outside of us, running.
pub struct World {
    address: SocketAddr,
    slack: Slack,
    pagerduty: PagerDuty,
    github: GitHub,
    unexpected: Unexpected,
    strict: bool,
    server: JoinHandle<()>,
}

impl World {
    /// Starts the fake servers on a free loopback port.
    pub async fn start() -> io::Result<Self> {
        // Whoever installed a provider before is right; without one no client could be built.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let unexpected = Unexpected::default();
        let slack = Slack::at(address, unexpected.clone());
        let pagerduty = PagerDuty::at(address, unexpected.clone());
        let github = GitHub::at(address, unexpected.clone());
        let noted = unexpected.clone();
        let routes = Router::new()
            .merge(slack.routes())
            .merge(pagerduty.routes())
            .merge(github.routes())
            .method_not_allowed_fallback(move |method: Method, OriginalUri(uri): OriginalUri| {
                noted.note(format!("{method} {}", uri.path()));
                ready(StatusCode::METHOD_NOT_ALLOWED)
            })
            .fallback(note)
            .with_state(unexpected.clone());
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                tracing::error!(%error, "the fake servers stopped");
            }
        });
        Ok(Self { address, slack, pagerduty, github, unexpected, strict: true, server })
    }

    /// Lets calls to what is not played pass with a log line, as the demo wants it.
    pub fn tolerant(mut self) -> Self {
        self.strict = false;
        self
    }

    /// Where the fake servers listen.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Slack.
    pub fn slack(&self) -> Slack {
        self.slack.clone()
    }

    /// PagerDuty.
    pub fn pagerduty(&self) -> PagerDuty {
        self.pagerduty.clone()
    }

    /// GitHub.
    pub fn github(&self) -> GitHub {
        self.github.clone()
    }

    /// Calls that none of the fake servers knows.
    pub fn unexpected(&self) -> Vec<String> {
        self.unexpected.all().clone()
    }

    /// Ends the world; panics if something was called that is not played.
    pub fn finish(self) {}
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
        let calls = self.unexpected();
        if self.strict && !std::thread::panicking() {
            assert!(calls.is_empty(), "unexpected calls: {}", calls.join(", "));
        }
    }
}

/// The list of calls that nobody plays.
#[derive(Clone, Default)]
pub(super) struct Unexpected(Arc<Mutex<Vec<String>>>);

impl Unexpected {
    /// Adds a call, as method and path.
    pub(super) fn note(&self, call: String) {
        tracing::warn!(call, "unexpected call of a fake server");
        self.all().push(call);
    }

    fn all(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn note(State(unexpected): State<Unexpected>, method: Method, OriginalUri(uri): OriginalUri) -> StatusCode {
    unexpected.note(format!("{method} {}", uri.path()));
    StatusCode::NOT_FOUND
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn call(world: &World, method: Method, path: &str) -> u16 {
        let url = format!("http://{}{path}", world.address());
        reqwest::Client::new().request(method, url).send().await.unwrap().status().as_u16()
    }

    #[tokio::test]
    #[should_panic(expected = "unexpected calls: POST /api/chat.delete, GET /api/auth.test, GET /elsewhere")]
    async fn a_call_that_nobody_plays_fails_the_test() {
        let world = World::start().await.unwrap();
        assert_eq!(call(&world, Method::POST, "/api/chat.delete").await, 200);
        assert_eq!(call(&world, Method::GET, "/api/auth.test").await, 405);
        assert_eq!(call(&world, Method::GET, "/elsewhere").await, 404);
        world.finish();
    }

    #[tokio::test]
    async fn a_tolerant_world_only_remembers() {
        let world = World::start().await.unwrap().tolerant();
        call(&world, Method::GET, "/elsewhere").await;
        assert_eq!(world.unexpected(), ["GET /elsewhere"]);
    }
}
