use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::runtime::Handle;
use tokio::sync::watch;
use url::Url;
use uuid::Uuid;

use super::calls::Calls;
use super::company::{PagerPolicy, PagerPriority, PagerSchedule, PagerService, PagerUser};
use super::fault::Faults;
use super::incident::IncidentRecord;
use super::push::{Pushes, Subscribed};
use crate::fake::world::Unexpected;
use crate::pagerduty::Address;

/// How long PagerDuty waits for an answer to a webhook.
/// <https://developer.pagerduty.com/docs/webhooks-overview#webhook-behavior>
const PATIENCE: Duration = Duration::from_secs(5);

/// An account, shared by all its copies.
#[derive(Clone)]
pub struct PagerDuty {
    pub(super) base: String,
    pub(super) token: String,
    pub(super) http: reqwest::Client,
    pub(super) unexpected: Unexpected,
    pub(super) changed: watch::Sender<u64>,
    pub(super) runtime: Handle,
    state: Arc<Mutex<State>>,
}

/// Something that happens just before the app's next change of an incident.
pub(super) type Race = Box<dyn FnOnce(&PagerDuty) + Send>;

#[derive(Default)]
pub(super) struct State {
    pub(super) users: BTreeMap<String, PagerUser>,
    pub(super) services: BTreeMap<String, PagerService>,
    pub(super) policies: BTreeMap<String, PagerPolicy>,
    pub(super) schedules: BTreeMap<String, PagerSchedule>,
    pub(super) priorities: Vec<PagerPriority>,
    pub(super) incidents: BTreeMap<String, IncidentRecord>,
    pub(super) subscription: Option<Subscribed>,
    pub(super) pushes: Pushes,
    pub(super) faults: Faults,
    pub(super) races: VecDeque<Race>,
    pub(super) calls: Calls,
    pub(super) alerts: HashMap<String, VecDeque<chrono::DateTime<chrono::Utc>>>,
    pub(super) numbers: u64,
    ids: u64,
}

impl State {
    /// An id that nothing else has; it says where it came from.
    pub(super) fn id(&mut self, letter: char) -> String {
        self.ids += 1;
        format!("{letter}{:013X}", self.ids)
    }

    /// Counts ids from here on.
    pub(super) fn count_from(&mut self, ids: u64) {
        self.ids = ids;
    }
}

impl PagerDuty {
    pub(in crate::fake) fn at(address: SocketAddr, unexpected: Unexpected) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE);
        Self {
            base: format!("http://{address}"),
            token: format!("u+{}", &Uuid::new_v4().simple().to_string()[..18]),
            http: http.build().expect("a client without TLS settings can be built"),
            unexpected,
            changed: watch::Sender::new(0),
            runtime: Handle::current(),
            state: Arc::default(),
        }
    }

    /// What the app needs to reach this account.
    pub fn address(&self) -> Address {
        Address { api_url: Some(self.api_url()), events_url: Some(self.events_url()), api_token: self.api_token() }
    }

    /// Base of the REST API.
    pub fn api_url(&self) -> Url {
        Url::parse(&format!("{}/pagerduty/rest", self.base)).expect("an address of digits is one")
    }

    /// Base of the Events API.
    pub fn events_url(&self) -> Url {
        Url::parse(&format!("{}/pagerduty/events", self.base)).expect("an address of digits is one")
    }

    /// The key that the REST API takes.
    pub fn api_token(&self) -> SecretString {
        self.token.clone().into()
    }

    /// Waits until this holds; it is looked at after each change.
    pub async fn until(&self, holds: impl Fn() -> bool) {
        let mut changed = self.changed.subscribe();
        while !holds() && changed.changed().await.is_ok() {}
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the account, and tells those who wait for that.
    pub(super) fn tell<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let told = change(&mut self.state());
        self.changed.send_modify(|it| *it += 1);
        told
    }
}
