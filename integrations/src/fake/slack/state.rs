use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use tokio::sync::watch;
use url::Url;
use uuid::Uuid;

use super::calls::Calls;
use super::fault::Fault;
use super::modals::Modals;
use super::respond::ResponseAddress;
use super::rooms::SlackChannel;
use super::transcript::Transcript;
use super::{CHANNEL, Entry, SlackMember, Trouble, When};
use crate::fake::world::Unexpected;
use crate::slack::Address;

/// Slack's own patience with an app. <https://docs.slack.dev/interactivity/implementing-slash-commands/>
const PATIENCE: Duration = Duration::from_secs(3);

/// The workspace, shared by all its copies.
#[derive(Clone)]
pub struct Slack {
    pub(super) base: String,
    pub(super) token: String,
    pub(super) http: reqwest::Client,
    pub(super) unexpected: Unexpected,
    pub(super) changed: watch::Sender<u64>,
    state: Arc<Mutex<State>>,
}

pub(super) struct State {
    pub(super) app: Option<(Url, SecretString)>,
    pub(super) members: BTreeMap<String, SlackMember>,
    pub(super) scopes: Vec<String>,
    pub(super) channels: BTreeMap<String, SlackChannel>,
    pub(super) modals: Modals,
    pub(super) faults: VecDeque<Fault>,
    pub(super) calls: Calls,
    pub(super) paced: bool,
    pub(super) responses: HashMap<String, ResponseAddress>,
    pub(super) transcript: Transcript,
    pub(super) examples: Vec<String>,
}

impl Slack {
    pub(in crate::fake) fn at(address: SocketAddr, unexpected: Unexpected) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE);
        let state = State {
            app: None,
            members: BTreeMap::new(),
            scopes: SCOPES.map(String::from).into(),
            channels: [(CHANNEL.into(), SlackChannel::new(CHANNEL, "pinconsole"))].into(),
            modals: Modals::default(),
            faults: VecDeque::new(),
            calls: Calls::default(),
            paced: false,
            responses: HashMap::new(),
            transcript: Transcript::default(),
            examples: ["/pin help", "/pin whoami", "/pin catalog payments"].map(String::from).into(),
        };
        Self {
            base: format!("http://{address}"),
            token: format!("xoxb-{}", Uuid::new_v4().simple()),
            http: http.build().expect("a client without TLS settings can be built"),
            unexpected,
            changed: watch::Sender::new(0),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Adds or changes a member.
    pub fn member(&self, member: SlackMember) {
        self.state().members.insert(member.id.clone(), member);
    }

    /// The members, by name.
    pub fn members(&self) -> Vec<SlackMember> {
        let mut members: Vec<_> = self.state().members.values().cloned().collect();
        members.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        members
    }

    /// Says where the app listens and how requests to it are signed.
    pub fn app(&self, url: Url, signing_secret: SecretString) {
        self.state().app = Some((url, signing_secret));
    }

    /// What the app needs to reach this workspace.
    pub fn address(&self) -> Address {
        Address { api_url: Some(self.api_url()), bot_token: self.token.clone().into(), response_hosts: vec![] }
    }

    /// Base of the methods.
    pub fn api_url(&self) -> Url {
        Url::parse(&format!("{}/api/", self.base)).expect("an address of digits is one")
    }

    /// The app's bot token.
    pub fn bot_token(&self) -> SecretString {
        self.token.clone().into()
    }

    /// What the token may do from now on.
    pub fn scopes(&self, scopes: &[&str]) {
        self.state().scopes = scopes.iter().map(|it| it.to_string()).collect();
    }

    /// Adds or changes a channel.
    pub fn channel(&self, channel: SlackChannel) {
        self.state().channels.insert(channel.id.clone(), channel);
    }

    /// The channels, by id.
    pub fn channels(&self) -> Vec<SlackChannel> {
        self.state().channels.values().cloned().collect()
    }

    /// Holds the app to one message a second in each channel, or no longer.
    pub fn paced(&self, paced: bool) {
        self.state().paced = paced;
    }

    /// Delays the next `count` calls.
    pub fn slow(&self, delay: Duration, count: usize) {
        self.state().faults.extend((0..count).map(|_| Fault::any(Trouble::Slow(delay))));
    }

    /// Fails the next `count` calls with status 500.
    pub fn broken(&self, count: usize) {
        self.state().faults.extend((0..count).map(|_| Fault::any(Trouble::Broken)));
    }

    /// Answers the next `count` calls with status 429.
    pub fn limited(&self, retry_after: Duration, count: usize) {
        self.state().faults.extend((0..count).map(|_| Fault::any(Trouble::Limited(retry_after))));
    }

    /// What goes wrong with the next `count` calls of a method, before or after it did what was asked.
    pub fn trouble(&self, method: &'static str, trouble: Trouble, when: When, count: usize) {
        self.state().faults.extend((0..count).map(|_| Fault::of(method, trouble, when)));
    }

    /// Takes all that was to go wrong back.
    pub fn well_again(&self) {
        self.state().faults.clear();
    }

    /// All that was typed, pressed and answered, oldest first.
    pub fn transcript(&self) -> Vec<Entry> {
        self.state().transcript.entries().cloned().collect()
    }

    /// The commands that the chat page suggests.
    pub fn suggest(&self, commands: &[&str]) {
        self.state().examples = commands.iter().map(|it| it.to_string()).collect();
    }

    /// The commands that the chat page suggests.
    pub fn suggestions(&self) -> Vec<String> {
        self.state().examples.clone()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a call and says what goes wrong with it.
    pub(super) fn called(&self, method: &str, form: &[(String, String)], now: DateTime<Utc>) -> Option<Fault> {
        let mut state = self.state();
        let meant = state.faults.iter().position(|it| it.means(method));
        let fault = meant.and_then(|it| state.faults.remove(it));
        state.calls.note(method, form, now, fault);
        fault
    }

    /// Changes what was said and wakes those who wait for it.
    pub(super) fn tell<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let told = change(&mut self.state());
        self.changed.send_modify(|it| *it += 1);
        told
    }
}

/// What the app may do unless told otherwise.
const SCOPES: [&str; 8] = [
    "commands",
    "users:read",
    "users:read.email",
    "chat:write",
    "im:write",
    "channels:history",
    "groups:history",
    "im:history",
];
