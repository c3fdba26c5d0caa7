//! Webhooks: each is sent once, signed, and kept for three days, so that it can be asked for again.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;
use uuid::Uuid;

use super::GitHub;
use super::state::{APP, State};
use super::told::time;
use crate::github::KEPT;

/// An event, and how often it was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The event's id, the same for each attempt.
    pub guid: String,
    /// Such as `pull_request`.
    pub event: &'static str,
    /// What was sent.
    pub body: Value,
    /// What was answered to each attempt; zero where nothing was.
    pub statuses: Vec<u16>,
}

/// An attempt.
#[derive(Clone, Debug)]
struct Attempt {
    id: i64,
    guid: String,
    at: DateTime<Utc>,
    status: u16,
    again: bool,
}

#[derive(Default)]
pub(super) struct Hook {
    to: Option<(Url, SecretString)>,
    losing: bool,
    /// Whether events wait to be sent.
    holding: bool,
    running: bool,
    queue: VecDeque<(String, bool)>,
    events: Vec<Sent>,
    attempts: Vec<Attempt>,
}

impl GitHub {
    /// Says where events go, and by which secret they are signed.
    pub fn receiver(&self, url: Url, secret: SecretString) {
        self.tell(|state| state.hook.to = Some((url, secret)));
    }

    /// Lets no event reach its receiver from now on, or lets them again.
    pub fn lose_webhooks(&self, lost: bool) {
        self.tell(|state| state.hook.losing = lost);
    }

    /// Lets events wait from now on, or sends those that waited.
    pub fn hold_webhooks(&self, held: bool) {
        self.act(|state| state.hook.holding = held);
    }

    /// Forgets what was sent, as after three days.
    pub fn forget_webhooks(&self) {
        self.tell(|state| {
            state.hook.events.clear();
            state.hook.attempts.clear();
        });
    }

    /// All events, oldest first.
    pub fn events(&self) -> Vec<Sent> {
        self.state().hook.events.clone()
    }

    /// Waits until no webhook is on its way.
    pub async fn settled(&self) {
        self.until(|| {
            let hook = &self.state().hook;
            hook.queue.is_empty() && !hook.running
        })
        .await;
    }

    /// Changes what there is, and sends what follows.
    pub(super) fn act<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let (told, begin) = self.tell(|state| {
            let told = change(state);
            let hook = &state.hook;
            let begin = !hook.running && !hook.holding && !hook.queue.is_empty();
            state.hook.running |= begin;
            (told, begin)
        });
        if begin {
            let github = self.clone();
            self.runtime.spawn(async move { github.drain().await });
        }
        told
    }

    async fn drain(&self) {
        loop {
            let next = self.tell(|state| {
                let next = state.hook.queue.pop_front();
                state.hook.running = next.is_some();
                next
            });
            let Some((guid, again)) = next else { return };
            let status = self.once(&guid).await;
            self.tell(|state| state.tried(guid, status, again));
        }
    }

    async fn once(&self, guid: &str) -> u16 {
        let found = self.tell(|state| {
            let sent = state.hook.events.iter().find(|it| it.guid == guid).cloned();
            sent.zip(state.hook.to.clone()).filter(|_| !state.hook.losing)
        });
        let Some((sent, (url, secret))) = found else { return 0 };
        let body = sent.body.to_string();
        let answer = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .header("user-agent", "GitHub-Hookshot/played")
            .header("x-github-event", sent.event)
            .header("x-github-delivery", guid)
            .header("x-github-hook-id", "1")
            .header("x-github-hook-installation-target-id", APP)
            .header("x-github-hook-installation-target-type", "integration")
            .header("x-hub-signature-256", signature(&secret, body.as_bytes()))
            .body(body)
            .send()
            .await;
        answer.map_or(0, |it| it.status().as_u16())
    }
}

impl State {
    /// Sends an event.
    pub(super) fn send(&mut self, event: &'static str, body: Value) {
        let guid = Uuid::new_v4().to_string();
        self.hook.events.push(Sent { guid: guid.clone(), event, body, statuses: vec![] });
        self.hook.queue.push_back((guid, false));
    }

    fn tried(&mut self, guid: String, status: u16, again: bool) {
        let id = self.id();
        if let Some(it) = self.hook.events.iter_mut().find(|it| it.guid == guid) {
            it.statuses.push(status);
            self.hook.attempts.push(Attempt { id, guid, at: Utc::now(), status, again });
        }
    }

    /// Sends the event of an attempt again; false where nothing is known of it.
    pub(super) fn send_again(&mut self, attempt: i64) -> bool {
        let found = self.hook.attempts.iter().find(|it| it.id == attempt && Utc::now() - it.at < KEPT);
        let Some(guid) = found.map(|it| it.guid.clone()) else { return false };
        self.hook.queue.push_back((guid, true));
        true
    }

    /// Attempts before one of this id, the newest first.
    pub(super) fn attempts(&self, (before, failed): (Option<i64>, bool)) -> Vec<Value> {
        let wanted =
            self.hook.attempts.iter().rev().filter(|it| {
                before.is_none_or(|before| it.id < before) && (!failed || !(200..300).contains(&it.status))
            });
        wanted.map(|it| self.attempt_told(it)).collect()
    }

    fn attempt_told(&self, it: &Attempt) -> Value {
        let event = self.hook.events.iter().find(|sent| sent.guid == it.guid);
        let installation = event.map(|it| it.body["installation"]["id"].clone());
        json!({
            "id": it.id, "guid": it.guid, "delivered_at": time(it.at), "redelivery": it.again, "duration": 0.1,
            "status": if it.status == 0 { "timed out" } else { "done" }, "status_code": it.status,
            "event": event.map(|it| it.event), "action": event.map(|it| it.body["action"].clone()),
            "installation_id": installation, "repository_id": event.map(|it| it.body["repository"]["id"].clone()),
            "throttled_at": null,
        })
    }
}

/// <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>
fn signature(secret: &SecretString, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).expect("any key is one");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}
