use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::pace::Quota;
use reqwest::header::{ACCEPT, AUTHORIZATION, FROM, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::{Address, PagerDutyError};
use crate::clock::Clock;
use crate::pace::Pace;
use crate::pause::Pauses;
use crate::turns::Turns;
use crate::wire::{self, Answer, Missing};

/// For one request and its answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How long a call waits for its turn.
const PATIENCE: Duration = Duration::from_secs(3);

/// A page of a hundred incidents, each with all that PagerDuty knows of it, stays far below this.
const LONGEST_ANSWER: usize = 8 << 20;

/// <https://developer.pagerduty.com/docs/versioning>
const VERSION: &str = "application/vnd.pagerduty+json;version=2";

/// Our share of the calls that a key may make in a minute, which are 960.
/// <https://developer.pagerduty.com/docs/rest-api-rate-limits>
const PER_MINUTE: u32 = 600;

/// So many calls may come at once, by whoever waits for an answer.
const BURST: u32 = 60;

/// So many by those who list much, so that they never keep others waiting.
const BACKGROUND_BURST: u32 = 20;

/// Calls PagerDuty. Copies share their pauses and turns.
#[derive(Clone)]
pub struct Client {
    pub(super) http: reqwest::Client,
    api: Url,
    events: Url,
    token: SecretString,
    quota: Quota,
    pauses: Arc<Pauses>,
    turns: Arc<Turns>,
    pace: Option<Arc<dyn Pace>>,
    clock: Arc<Clock>,
}

/// One call of the REST API.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) path: &'a [&'a str],
    pub(super) query: &'a [(&'static str, String)],
    pub(super) body: Option<Value>,
    /// In whose name.
    pub(super) from: Option<&'a str>,
    /// What else has to wait when PagerDuty wants fewer of these.
    pub(super) pause: &'static str,
    /// Whether others go first.
    pub(super) background: bool,
}

impl<'a> Call<'a> {
    /// Reads something.
    pub(super) fn read(path: &'a [&'a str]) -> Self {
        Self {
            method: Method::GET,
            path,
            query: &[],
            body: None,
            from: None,
            pause: "pagerduty:read",
            background: false,
        }
    }

    /// Changes something.
    pub(super) fn act(method: Method, path: &'a [&'a str]) -> Self {
        Self { method, pause: "pagerduty:act", ..Self::read(path) }
    }
}

impl Client {
    /// A client for one account. The process has chosen its TLS provider before.
    pub fn new(address: Address) -> anyhow::Result<Self> {
        Self::patient(address, TIMEOUT)
    }

    /// A client that waits so long for each answer.
    pub fn patient(address: Address, timeout: Duration) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .timeout(timeout)
            .user_agent("PinConsole")
            .build()?;
        let (api, events) = (address.api()?, address.events()?);
        let quota = Quota { name: "pagerduty", every: Duration::from_secs(60) / PER_MINUTE, burst: BURST };
        let (pauses, turns) = (Arc::default(), Arc::default());
        Ok(Self {
            http,
            api,
            events,
            token: address.api_token,
            quota,
            pauses,
            turns,
            pace: None,
            clock: Arc::default(),
        })
    }

    /// The same client, which also keeps the pauses and turns of other processes, and tells its own.
    pub fn paced(self, pace: Arc<dyn Pace>) -> Self {
        Self { pace: Some(pace), ..self }
    }

    /// The same client, which makes at most so many calls a minute, all processes together.
    pub fn per_minute(self, calls: u32) -> Self {
        let every = Duration::from_secs(60) / calls.max(1);
        Self { quota: Quota { every, burst: calls.clamp(1, BURST), ..self.quota }, ..self }
    }

    /// The time at PagerDuty when it last answered, to the second below: whatever is asked from now on is answered later.
    pub fn clock(&self) -> Option<DateTime<Utc>> {
        self.clock.shows()
    }

    /// Makes a call that only reads: one failure is tried again.
    pub(super) async fn read(&self, call: &Call<'_>) -> Result<Value, PagerDutyError> {
        let answer = match self.once(call).await {
            Err(Missing::Broken { again: true, .. }) => self.once(call).await,
            answer => answer,
        };
        let answer = answer.map_err(|missing| match missing {
            Missing::Broken { seen, .. } => PagerDutyError::Passing(seen),
            Missing::Limited(retry_after) => PagerDutyError::Limited { retry_after },
        })?;
        json(&verdict(answer)?).ok_or_else(|| PagerDutyError::Malformed("it is not JSON".into()))
    }

    /// Makes a call that changes something, once: what broke after it was sent may have been done.
    pub(super) async fn act(&self, call: &Call<'_>) -> Result<Answer, PagerDutyError> {
        verdict(self.once(call).await.map_err(unclear)?)
    }

    async fn once(&self, call: &Call<'_>) -> Result<Answer, Missing> {
        let request = self.request(call)?;
        self.admit(call).await?;
        let answer = wire::send(request, LONGEST_ANSWER).await;
        if let Ok(answer) = &answer {
            self.clock.note(&answer.headers);
        }
        if let Err(Missing::Limited(wait)) = &answer {
            self.pauses.hold(call.pause, Instant::now(), *wait);
            if let Some(pace) = &self.pace {
                pace.hold(call.pause, *wait).await;
            }
        }
        answer
    }

    fn request(&self, call: &Call<'_>) -> Result<RequestBuilder, Missing> {
        let url = joined(&self.api, call.path).ok_or_else(|| Missing::unsent("no address"))?;
        let token = format!("Token token={}", self.token.expose_secret());
        let mut token = HeaderValue::from_str(&token).map_err(|_| Missing::unsent("a token that is none"))?;
        token.set_sensitive(true);
        let mut request = self.http.request(call.method.clone(), url).query(call.query);
        request = request.header(ACCEPT, VERSION).header(AUTHORIZATION, token);
        if let Some(email) = call.from {
            let email = HeaderValue::from_str(email).map_err(|_| Missing::unsent("an e-mail address that is none"))?;
            request = request.header(FROM, email);
        }
        Ok(match &call.body {
            Some(body) => request.json(body),
            None => request,
        })
    }

    /// Waits for a turn; too long a wait is an answer too.
    async fn admit(&self, call: &Call<'_>) -> Result<(), Missing> {
        let end = Instant::now() + PATIENCE;
        while let Some(rest) = self.rest(call).await {
            if Instant::now() + rest > end {
                return Err(Missing::Limited(rest));
            }
            tokio::time::sleep(rest).await;
        }
        Ok(())
    }

    /// How long this call must still wait; takes a turn when it may be made.
    async fn rest(&self, call: &Call<'_>) -> Option<Duration> {
        let burst = if call.background { self.quota.burst.min(BACKGROUND_BURST) } else { self.quota.burst };
        let quota = Quota { burst, ..self.quota };
        let now = Instant::now();
        if let Some(rest) = self.pauses.rest(call.pause, now).or_else(|| self.turns.take(&quota, now)) {
            return Some(rest);
        }
        let pace = self.pace.as_ref()?;
        match pace.rest(call.pause).await {
            None => pace.turn(&quota).await,
            rest => rest,
        }
    }

    /// An address of the Events API.
    pub(super) fn events(&self, path: &[&str]) -> Option<Url> {
        joined(&self.events, path)
    }
}

/// An address below a base. What comes from outside may be no path of its own.
fn joined(base: &Url, path: &[&str]) -> Option<Url> {
    let plain = |it: &&str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it));
    if !path.iter().all(plain) {
        return None;
    }
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    Some(url)
}

/// What is missing after a call that changes something.
pub(super) fn unclear(missing: Missing) -> PagerDutyError {
    match missing {
        Missing::Broken { seen, sent: true, .. } => PagerDutyError::Unclear(seen),
        Missing::Broken { seen, .. } => PagerDutyError::Passing(seen),
        Missing::Limited(retry_after) => PagerDutyError::Limited { retry_after },
    }
}

/// The answer, unless it is a no.
pub(super) fn verdict(answer: Answer) -> Result<Answer, PagerDutyError> {
    if answer.status.is_success() {
        return Ok(answer);
    }
    let said = json(&answer).unwrap_or_default();
    let error = said.get("error").filter(|it| it.is_object()).unwrap_or(&said);
    let http = answer.status.as_u16();
    let code = error.get("code").and_then(Value::as_u64).and_then(|it| it.try_into().ok());
    Err(match http {
        401 | 403 => PagerDutyError::Credentials { http, message: words(error) },
        404 => PagerDutyError::Gone,
        _ => PagerDutyError::Refused { http, code, message: words(error) },
    })
}

/// What PagerDuty says, as far as it fits in a line.
pub(super) fn words(error: &Value) -> String {
    let message = error.get("message").and_then(Value::as_str).unwrap_or("no reason given");
    let details = error.get("errors").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let said: Vec<&str> = std::iter::once(message).chain(details.take(3)).collect();
    said.join("; ").chars().filter(|it| !it.is_control()).take(300).collect()
}

pub(super) fn json(answer: &Answer) -> Option<Value> {
    serde_json::from_slice(&answer.body).ok()
}
