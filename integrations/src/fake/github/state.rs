use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use tokio::sync::watch;
use url::Url;

use super::calls::Calls;
use super::fault::Faults;
use super::hook::Hook;
use super::limits::Limits;
use super::oauth::SignIns;
use super::record::{PullRecord, RepositoryRecord, TeamRecord};
use crate::fake::world::Unexpected;
use crate::github::{Address, App, Credentials};

/// How long GitHub waits for an answer to a webhook.
/// <https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks#respond-within-10-seconds>
const PATIENCE: Duration = Duration::from_secs(10);

/// The app's key; it opens nothing but what is played here.
pub(super) const KEY: &str = include_str!("app_key.pem");

/// The app's id.
pub(super) const APP: &str = "990017";

/// Its client id and secret.
pub(super) const CLIENT: (&str, &str) = ("Iv23liPlayedHere", "a secret of the played GitHub");

/// GitHub with one app, shared by all its copies.
#[derive(Clone)]
pub struct GitHub {
    pub(super) base: String,
    pub(super) http: reqwest::Client,
    pub(super) unexpected: Unexpected,
    pub(super) changed: watch::Sender<u64>,
    pub(super) runtime: Handle,
    state: Arc<Mutex<State>>,
}

/// Somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ActorRecord {
    pub(super) id: i64,
    pub(super) login: String,
    pub(super) kind: &'static str,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) actors: BTreeMap<i64, ActorRecord>,
    pub(super) teams: BTreeMap<i64, TeamRecord>,
    pub(super) repositories: BTreeMap<i64, RepositoryRecord>,
    pub(super) pulls: BTreeMap<i64, PullRecord>,
    /// By installation, whose it is.
    pub(super) installations: BTreeMap<i64, i64>,
    /// Installation tokens, and until when each opens something.
    pub(super) tokens: HashMap<String, (i64, DateTime<Utc>)>,
    pub(super) sign_ins: SignIns,
    pub(super) hook: Hook,
    pub(super) limits: Limits,
    pub(super) faults: Faults,
    pub(super) calls: Calls,
    /// Branches that moved since GitHub worked out what merges into them, and how often it says that it does not know.
    pub(super) thinks: u32,
    /// Pull requests of a repository are counted from here on.
    pub(super) numbers_from: i32,
    /// How long before now it is there.
    pub(super) behind: TimeDelta,
    ids: i64,
}

impl State {
    /// The moment at which things happen there.
    pub(super) fn now(&self) -> DateTime<Utc> {
        Utc::now() - self.behind
    }

    /// An id that nothing else has.
    pub(super) fn id(&mut self) -> i64 {
        self.ids += 1;
        // Longer than GraphQL's own numbers, as GitHub's are by now.
        3_000_000_000 + self.ids
    }

    /// An id that what is called so has each time.
    pub(super) fn id_of(&self, kind: &str, name: &str) -> i64 {
        let digest = Sha256::digest(format!("{kind} {}", name.to_lowercase()));
        let number = digest.iter().take(4).fold(0, |number, it| number * 256 + i64::from(*it));
        1_000_000_000 + number % 1_000_000_000
    }

    /// Counts ids from here on.
    pub(super) fn count_from(&mut self, ids: i64) {
        self.ids = ids;
    }

    pub(super) fn actor(&self, login: &str) -> i64 {
        let found = self.actors.values().find(|it| it.login.eq_ignore_ascii_case(login));
        found.unwrap_or_else(|| panic!("GitHub knows no {login}")).id
    }

    pub(super) fn repository(&self, name: &str) -> i64 {
        let found = self.repositories.values().find(|it| it.name.eq_ignore_ascii_case(name));
        found.unwrap_or_else(|| panic!("GitHub has no repository {name}")).id
    }

    pub(super) fn pull(&mut self, id: i64) -> &mut PullRecord {
        self.pulls.get_mut(&id).expect("a pull request")
    }
}

impl GitHub {
    pub(in crate::fake) fn at(address: SocketAddr, unexpected: Unexpected) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE);
        Self {
            base: format!("http://{address}"),
            http: http.build().expect("a client without TLS settings can be built"),
            unexpected,
            changed: watch::Sender::new(0),
            runtime: Handle::current(),
            state: Arc::default(),
        }
    }

    /// Where it is, as a GitHub Enterprise Server is configured.
    pub fn api_url(&self) -> Url {
        Url::parse(&format!("{}/github", self.base)).expect("an address of digits is one")
    }

    /// Where its APIs are.
    pub fn address(&self) -> Address {
        Address::of(Some(&self.api_url())).expect("an address of digits is one")
    }

    /// The app that it knows.
    pub fn app(&self) -> App {
        App { id: APP.into(), private_key: SecretString::from(KEY) }
    }

    /// The app as people sign in with it.
    pub fn credentials(&self) -> Credentials {
        Credentials { client_id: CLIENT.0.into(), client_secret: CLIENT.1.into() }
    }

    /// Waits until this holds; it is looked at after each change.
    pub async fn until(&self, holds: impl Fn() -> bool) {
        let mut changed = self.changed.subscribe();
        while !holds() && changed.changed().await.is_ok() {}
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what there is, and tells those who wait for that.
    pub(super) fn tell<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let told = change(&mut self.state());
        self.changed.send_modify(|it| *it += 1);
        told
    }
}
