use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, StatusCode};
use sha2::Sha256;
use sqlx::Row;

use super::{Ground, Size, Tally};

const SECRET: &str = "a secret of the storm that is long enough";

/// How many deliver at a time.
const SENDERS: usize = 32;

/// Of a hundred deliveries so many are sent once more though they were acknowledged.
const REPEATED: usize = 15;

/// How long a sender may wait for an answer, as GitHub does.
/// <https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks#respond-within-10-seconds>
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a replica stands still.
const FROZEN: Duration = Duration::from_millis(500);

/// What the senders saw.
#[derive(Default)]
struct Seen {
    acknowledged: BTreeSet<String>,
    refused: Vec<(String, StatusCode)>,
    slowest: Duration,
    unanswered: usize,
    unavailable: usize,
}

impl Seen {
    /// Notes an answer, or that there was none; whether it acknowledged the delivery.
    fn note(&mut self, id: &str, answer: Option<StatusCode>, took: Duration) -> bool {
        match answer {
            Some(status) if status.is_success() => {
                self.slowest = self.slowest.max(took);
                self.acknowledged.insert(id.into());
                return true;
            }
            Some(StatusCode::SERVICE_UNAVAILABLE) => self.unavailable += 1,
            Some(status) => self.refused.push((id.into(), status)),
            None => self.unanswered += 1,
        }
        false
    }
}

/// One event, by its number.
fn event(number: usize) -> (String, Vec<u8>) {
    let padding = "x".repeat(number * 37 % 4_000);
    let body = serde_json::json!({ "action": "opened", "number": number, "padding": padding });
    (format!("storm-{number:05}-7000-8000"), body.to_string().into_bytes())
}

fn signature(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Delivers an event again and again, to this replica or that, until it is acknowledged.
async fn deliver(client: &Client, ground: &Ground, number: usize, seen: &Mutex<Seen>) {
    let (id, body) = event(number);
    for attempt in number.. {
        let address = ground.address(attempt).await.join("webhooks/github").expect("an address");
        let request = client.post(address).header("x-github-delivery", &id).header("x-github-event", "pull_request");
        let request = request.header("content-type", "application/json");
        let request = request.header("x-hub-signature-256", signature(&body)).body(body.clone());
        let begun = Instant::now();
        let answer = request.send().await.map(|it| it.status());
        if seen.lock().expect("no panic").note(&id, answer.ok(), begun.elapsed()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Kills something each time that another part of the deliveries is done.
async fn havoc(ground: &Ground, size: Size, done: &AtomicUsize) {
    let blows = size.kills + size.crashes;
    for blow in 0..blows {
        let due = size.deliveries * (blow + 1) / (blows + 1);
        while done.load(Ordering::Relaxed) < due {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Spread evenly: every so many kills the database crashes instead.
        match (blow + 1) * size.crashes / blows > blow * size.crashes / blows {
            true => ground.crash().await,
            false => {
                // The other one stands still for a moment, with deliveries in its hands.
                ground.freeze(blow + 1, FROZEN).await;
                ground.kill(blow).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_delivery_is_lost_or_stored_twice() {
    let size = Size::chosen();
    let ground = Ground::open(|it| it.with("GITHUB_WEBHOOK_SECRET", SECRET)).await;
    let client = Client::builder().timeout(PATIENCE).build().expect("a client");
    let (next, done) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let seen = Mutex::new(Seen::default());
    let sender = || async {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= size.deliveries {
                return;
            }
            deliver(&client, &ground, number, &seen).await;
            if number % 100 < REPEATED {
                deliver(&client, &ground, number, &seen).await;
            }
            done.fetch_add(1, Ordering::Relaxed);
        }
    };
    let senders = futures::future::join_all((0..SENDERS).map(|_| sender()));
    tokio::join!(senders, havoc(&ground, size, &done));
    let seen = seen.into_inner().expect("no panic");
    let mut tally = Tally { acknowledged: seen.acknowledged, ..Tally::default() };
    tally.attempted = (0..size.deliveries).map(|it| event(it).0).collect();
    let stored = "select d.external_id, b.body from inbox.delivery d join inbox.body b on b.delivery_id = d.id";
    for row in sqlx::query(stored).fetch_all(&ground.db).await.expect("rows") {
        let (id, raw): (String, Vec<u8>) = (row.get(0), row.get(1));
        let number: usize = id[6..11].parse().expect("a number");
        assert!(event(number).1 == raw, "{id} is not what was signed");
        *tally.found.entry(id).or_default() += 1;
    }
    println!(
        "{} replicas killed, {} crashes of the database, slowest acknowledgement {:?}, {} without an answer, {} told to wait\n{tally}",
        size.kills, size.crashes, seen.slowest, seen.unanswered, seen.unavailable
    );
    assert_eq!(seen.refused, [], "a delivery that is well-formed is never refused");
    assert!(tally.lost().is_empty() && tally.unexpected().is_empty() && tally.doubled().is_empty());
    assert_eq!(tally.acknowledged.len(), size.deliveries);
    ground.close().await;
}
