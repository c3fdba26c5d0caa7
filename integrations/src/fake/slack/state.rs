use std::collections::{BTreeMap, HashMap, VecDeque};
use std::iter::repeat_n;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::watch;
use url::Url;
use uuid::Uuid;

use super::fault::Fault;
use super::respond::ResponseAddress;
use super::transcript::Transcript;
use super::{Entry, SlackMember};
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
    pub(super) faults: VecDeque<Fault>,
    pub(super) calls: HashMap<String, usize>,
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
            scopes: ["commands", "users:read", "users:read.email"].map(String::from).into(),
            faults: VecDeque::new(),
            calls: HashMap::new(),
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

    /// Delays the next `count` calls.
    pub fn slow(&self, delay: Duration, count: usize) {
        self.state().faults.extend(repeat_n(Fault::Slow(delay), count));
    }

    /// Fails the next `count` calls with status 500.
    pub fn broken(&self, count: usize) {
        self.state().faults.extend(repeat_n(Fault::Broken, count));
    }

    /// Answers the next `count` calls with status 429.
    pub fn limited(&self, retry_after: Duration, count: usize) {
        self.state().faults.extend(repeat_n(Fault::Limited(retry_after), count));
    }

    /// How often a method was called, or `response` for response URLs, faults included.
    pub fn calls(&self, method: &str) -> usize {
        self.state().calls.get(method).copied().unwrap_or_default()
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

    /// Counts a call and says what goes wrong with it.
    pub(super) fn called(&self, method: &str) -> Option<Fault> {
        let mut state = self.state();
        *state.calls.entry(method.into()).or_default() += 1;
        state.faults.pop_front()
    }

    /// Changes what was said and wakes those who wait for it.
    pub(super) fn tell<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let told = change(&mut self.state());
        self.changed.send_modify(|it| *it += 1);
        told
    }
}
