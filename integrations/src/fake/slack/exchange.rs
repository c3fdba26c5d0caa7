//! A signed request to the app, and what came of it.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use url::Url;

use super::{Entry, Kind, SLACKBOT, Slack};
use crate::slack::Signature;

/// For answers through a response URL; longer than any command takes.
const PATIENCE: Duration = Duration::from_secs(15);

/// A request as Slack would send it. A test may change any part, to forge it or to send it again.
#[derive(Clone)]
pub struct SignedRequest {
    /// Where it goes.
    pub url: Url,
    /// Type of the body.
    pub content_type: &'static str,
    /// When it was signed, in seconds since 1970.
    pub timestamp: String,
    /// The signature.
    pub signature: String,
    /// The body.
    pub body: Vec<u8>,
    pub(super) exchange: u64,
    pub(super) response: Option<String>,
    /// The view whose answers it brings.
    pub(super) view: Option<String>,
}

impl SignedRequest {
    pub(super) fn new(
        app: &(Url, SecretString),
        path: &str,
        content_type: &'static str,
        now: DateTime<Utc>,
        body: Vec<u8>,
    ) -> Self {
        let mut url = app.0.clone();
        url.set_path(path);
        let timestamp = now.timestamp().to_string();
        let signature = Signature::sign(&app.1, &timestamp, &body);
        Self { url, content_type, timestamp, signature, body, exchange: 0, response: None, view: None }
    }
}

/// What came of a request.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Its number, which all entries have that belong to it.
    pub id: u64,
    /// The status; none when no answer came within three seconds.
    pub status: Option<u16>,
    /// The body of the answer.
    pub body: String,
    /// How long the answer took.
    pub took: Duration,
}

impl Slack {
    /// Sends a request and takes the answer as Slack does: what a command is answered with becomes a message.
    pub async fn deliver(&self, request: &SignedRequest) -> Exchange {
        let (id, started) = (request.exchange, Instant::now());
        let sent = self
            .http
            .post(request.url.clone())
            .header("content-type", request.content_type)
            .header("x-slack-request-timestamp", &request.timestamp)
            .header("x-slack-signature", &request.signature)
            .body(request.body.clone())
            .send()
            .await;
        let answer = match sent {
            Ok(response) => {
                let status = response.status().as_u16();
                response.text().await.map(|body| (status, body))
            }
            Err(error) => Err(error),
        };
        let took = started.elapsed();
        let (status, body) = answer.map_or((None, String::new()), |(status, body)| (Some(status), body));
        let exchange = Exchange { id, status, body, took };
        self.tell(|state| state.take(request, &exchange, Utc::now()));
        exchange
    }

    /// Waits until this holds; it is looked at after each change.
    pub async fn until(&self, holds: impl Fn() -> bool) {
        let mut changed = self.changed.subscribe();
        while !holds() && changed.changed().await.is_ok() {}
    }

    /// The first message that answers a request, whenever it comes; none if none does.
    pub async fn answer(&self, exchange: &Exchange) -> Option<Entry> {
        let mut changed = self.changed.subscribe();
        let found = async {
            loop {
                let answers = |it: &&Entry| it.exchange == exchange.id && matches!(it.kind, Kind::Message { .. });
                let answer = self.state().transcript.entries().find(answers).cloned();
                if answer.is_some() || changed.changed().await.is_err() {
                    return answer;
                }
            }
        };
        tokio::time::timeout(PATIENCE, found).await.ok().flatten()
    }
}

impl Entry {
    /// Whether Slack's own bot says here that the app failed.
    pub fn is_failure(&self) -> bool {
        self.who == SLACKBOT
    }
}
