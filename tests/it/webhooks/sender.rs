use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use sqlx::PgPool;
use url::Url;
use uuid::Uuid;

use crate::common::{Console, Program, address, scalar, until};

/// The secret that is being given up, and the one that takes its place.
pub(super) const SECRETS: [&str; 2] = ["the-old-secret-of-the-hook", "the-new-secret-of-the-hook"];

/// The program with a webhook of GitHub, and GitHub.
pub(super) struct Hook {
    pub(super) console: Console,
    pub(super) program: Program,
    client: reqwest::Client,
}

/// A request as GitHub would send it; a test may change any part.
#[derive(Clone)]
pub(super) struct Event {
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<String>,
    pub(super) body: String,
}

impl Hook {
    /// Over this database.
    pub(super) async fn over(db: &PgPool) -> Self {
        Self::with(program(address(db))).await
    }

    /// With this program.
    pub(super) async fn with(program: Program) -> Self {
        let console = Console::start(&program).await;
        Self { console, program, client: reqwest::Client::new() }
    }

    /// Where events go.
    pub(super) fn url(&self) -> Url {
        self.console.public.join("webhooks/github").expect("an address")
    }

    /// Sends an event.
    pub(super) async fn send(&self, event: &Event) -> Answer {
        self.send_to(self.url(), event).await
    }

    /// Sends an event to another address.
    pub(super) async fn send_to(&self, url: Url, event: &Event) -> Answer {
        let request = self.client.post(url).body(event.body.clone());
        let request = event.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let retry_after = headers.get("retry-after").map(|it| it.to_str().expect("text").to_string());
        let body = answer.text().await.expect("a body");
        assert!(body.len() < 200 && serde_json::from_str::<Value>(&body).is_ok(), "not a small JSON body: {body}");
        Answer { status, retry_after, body }
    }

    /// The status that an event is answered with.
    pub(super) async fn status(&self, event: &Event) -> u16 {
        self.send(event).await.status
    }
}

/// The program with everything that the webhook needs.
pub(super) fn program(database: String) -> Program {
    Program::new()
        .with("PINCONSOLE_LISTEN", "127.0.0.1:0")
        .with("PINCONSOLE_WEB_LISTEN", "127.0.0.1:0")
        .with("PINCONSOLE_PUBLIC_URL", "https://pin.example/")
        .with("DATABASE_URL", database)
        .with("GITHUB_WEBHOOK_SECRET", SECRETS.join(","))
}

impl Event {
    /// A signed event with an id of its own.
    pub(super) fn new(body: impl Into<Vec<u8>>) -> Self {
        Self::named(&Uuid::new_v4().to_string(), body)
    }

    /// A signed event with this id.
    pub(super) fn named(id: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let pairs = [
            ("content-type", "application/json"),
            ("user-agent", "GitHub-Hookshot/044aadd"),
            ("x-github-delivery", id),
            ("x-github-event", "pull_request"),
            ("x-github-hook-id", "292430182"),
            ("x-hub-signature-256", &sign(SECRETS[1], &body)),
        ];
        Self { headers: pairs.map(|(name, value)| (name.into(), value.into())).into(), body }
    }

    /// The same with a header of another value; an empty one leaves it out.
    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|it| it.0 != name);
        if !value.is_empty() {
            self.headers.push((name.into(), value.into()));
        }
        self
    }

    /// The same with a header more.
    pub(super) fn more(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The request's head, with a length that it may not keep to.
    pub(super) fn head(&self, length: &str) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("POST /webhooks/github HTTP/1.1\r\nhost: x\r\n{headers}{length}\r\n\r\n")
    }
}

/// GitHub's signature with this secret.
pub(super) fn sign(secret: &str, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    format!("sha256={}", hex::encode(mac.chain_update(body).finalize().into_bytes()))
}

/// Everything that is stored: ids, states and bodies.
pub(super) async fn stored(db: &PgPool) -> Vec<(String, String, Vec<u8>)> {
    let rows = sqlx::query_as(
        "select d.external_id, d.state, b.body from inbox.delivery d
         left join inbox.body b on b.delivery_id = d.id and b.received_at = d.received_at order by d.id",
    );
    rows.fetch_all(db).await.expect("events")
}

/// Nothing waits any more.
pub(super) async fn settled(db: &PgPool) {
    let pending = "select count(*) from inbox.delivery where state = 'pending'";
    until("all to be applied", async || (scalar::<i64>(db, pending).await == 0).then_some(())).await;
}

/// How many events are stored.
pub(super) async fn count(db: &PgPool) -> i64 {
    scalar(db, "select count(*) from inbox.delivery").await
}
