//! Webhooks on their way: in order for each incident, tried again for long, and given up for good where they are refused.
//!
//! <https://developer.pagerduty.com/docs/webhooks-overview#webhook-behavior>

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;
use url::Url;

use super::PagerDuty;
use super::events::{envelope, moment};

/// So many in a row that were refused for good, and nothing is sent any more.
const DROPS: u32 = 3;

/// How often one is tried before it is given up; PagerDuty itself tries for two days.
const TRIES: u32 = 30;

/// Where events go.
#[derive(Clone)]
pub(super) struct Subscribed {
    pub(super) url: Url,
    pub(super) secrets: Vec<SecretString>,
    pub(super) disabled: bool,
    drops: u32,
}

/// A webhook that was tried.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Id of the event.
    pub event: String,
    /// Its type.
    pub event_type: String,
    /// The status; none when no answer came in time.
    pub status: Option<u16>,
    /// When it was sent.
    pub at: DateTime<Utc>,
}

/// Everything that is to be sent, or was.
pub(super) struct Pushes {
    lost: bool,
    delay: Duration,
    queues: HashMap<String, VecDeque<Value>>,
    ready: Vec<String>,
    events: Vec<Value>,
    attempts: Vec<Attempt>,
}

impl Default for Pushes {
    fn default() -> Self {
        let (queues, ready, events, attempts) = Default::default();
        Self { lost: false, delay: Duration::from_millis(100), queues, ready, events, attempts }
    }
}

impl Pushes {
    /// Puts an event behind those of the same incident.
    pub(super) fn put(&mut self, subject: &str, event: Value) {
        self.events.push(event.clone());
        if self.lost {
            return;
        }
        let queue = self.queues.entry(subject.into()).or_insert_with(|| {
            self.ready.push(subject.into());
            VecDeque::new()
        });
        queue.push_back(event);
    }

    /// Whether events get lost.
    pub(super) fn loses(&self) -> bool {
        self.lost
    }

    /// The next event of an incident; its queue ends with the last one.
    fn next(&mut self, subject: &str) -> Option<Value> {
        let next = self.queues.get_mut(subject).and_then(VecDeque::pop_front);
        if next.is_none() {
            self.queues.remove(subject);
        }
        next
    }
}

/// What comes of one that was tried.
enum Outcome {
    Taken,
    Again,
    Dropped,
}

impl PagerDuty {
    /// Says where events go, and by which secrets they are signed: several while they are changed.
    pub fn receiver(&self, url: Url, secrets: Vec<SecretString>) {
        self.tell(|state| state.subscription = Some(Subscribed { url, secrets, disabled: false, drops: 0 }));
    }

    /// Loses all events from now on, or no longer.
    pub fn lose_webhooks(&self, lost: bool) {
        self.tell(|state| state.pushes.lost = lost);
    }

    /// How long a webhook that was not taken waits, first; it doubles up to 32 times that.
    pub fn retry_every(&self, delay: Duration) {
        self.tell(|state| state.pushes.delay = delay);
    }

    /// All events, oldest first, those that were lost included.
    pub fn events(&self) -> Vec<Value> {
        self.state().pushes.events.clone()
    }

    /// All webhooks that were tried, in the order of their answers.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.state().pushes.attempts.clone()
    }

    /// Sends an event once more, as PagerDuty may.
    pub fn send_again(&self, event: &Value) {
        self.act(|state| {
            state.pushes.put("again", event.clone());
            state.pushes.events.pop();
        });
    }

    /// Waits until no webhook is on its way.
    pub async fn settled(&self) {
        self.until(|| self.state().pushes.queues.is_empty()).await;
    }

    /// Stops sending, as if too much had been refused.
    pub fn disable(&self) {
        self.tell(|state| state.subscription.iter_mut().for_each(|it| it.disabled = true));
    }

    /// Whether PagerDuty stopped sending because it was refused too often.
    pub fn is_disabled(&self) -> bool {
        self.state().subscription.as_ref().is_some_and(|it| it.disabled)
    }

    /// Changes the account, and sends what follows.
    pub(super) fn act<T>(&self, change: impl FnOnce(&mut super::state::State) -> T) -> T {
        let (told, ready) = self.tell(|state| (change(state), std::mem::take(&mut state.pushes.ready)));
        for subject in ready {
            let pagerduty = self.clone();
            self.runtime.spawn(async move { pagerduty.drain(&subject).await });
        }
        told
    }

    /// Sends an event that says only that it arrived.
    pub(super) fn push_ping(&self, now: DateTime<Utc>) {
        let data = serde_json::json!({ "message": "Hello from PagerDuty!", "type": "ping" });
        let mut event = envelope("pagey.ping", data);
        event["event"]["occurred_at"] = moment(now);
        self.act(|state| state.pushes.put("ping", event));
    }

    async fn drain(&self, subject: &str) {
        while let Some(event) = self.tell(|state| state.pushes.next(subject)) {
            self.deliver(&event).await;
        }
    }

    async fn deliver(&self, event: &Value) {
        for attempt in 0..TRIES {
            let (to, delay) = self.tell(|state| (state.subscription.clone(), state.pushes.delay));
            let Some(to) = to.filter(|it| !it.disabled) else { return };
            match self.once(&to, event).await {
                Outcome::Taken => return self.taken(),
                Outcome::Dropped => return self.dropped(),
                Outcome::Again => tokio::time::sleep(delay * 2u32.pow(attempt.min(5))).await,
            }
        }
    }

    async fn once(&self, to: &Subscribed, event: &Value) -> Outcome {
        let (body, at) = (event.to_string(), Utc::now());
        let sent = self
            .http
            .post(to.url.clone())
            .header("content-type", "application/json")
            .header("user-agent", "PagerDuty-Webhook/V3.0")
            .header("x-webhook-id", text(event, "id"))
            .header("x-webhook-subscription", super::subscriptions::ID)
            .header("x-pagerduty-signature", signed(&to.secrets, body.as_bytes()))
            .body(body)
            .send()
            .await;
        let status = sent.ok().map(|it| it.status().as_u16());
        let attempt = Attempt { event: text(event, "id"), event_type: text(event, "event_type"), status, at };
        self.tell(|state| state.pushes.attempts.push(attempt));
        match status {
            Some(200..=299) => Outcome::Taken,
            Some(400..=428 | 430..=499) => Outcome::Dropped,
            _ => Outcome::Again,
        }
    }

    fn taken(&self) {
        self.tell(|state| state.subscription.iter_mut().for_each(|it| it.drops = 0));
    }

    fn dropped(&self) {
        self.tell(|state| {
            if let Some(it) = &mut state.subscription {
                it.drops += 1;
                it.disabled |= it.drops >= DROPS;
            }
        });
    }
}

impl Subscribed {
    /// Sends again.
    pub(super) fn enable(&mut self) {
        (self.disabled, self.drops) = (false, 0);
    }
}

fn text(event: &Value, name: &str) -> String {
    event["event"][name].as_str().unwrap_or_default().into()
}

/// One signature for each secret. <https://developer.pagerduty.com/docs/verifying-webhook-signatures>
fn signed(secrets: &[SecretString], body: &[u8]) -> String {
    let sign = |secret: &SecretString| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).expect("any key is one");
        mac.update(body);
        format!("v1={}", hex::encode(mac.finalize().into_bytes()))
    };
    secrets.iter().map(sign).collect::<Vec<_>>().join(",")
}
