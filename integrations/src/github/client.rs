use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::pace::Quota;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue, IF_NONE_MATCH};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use url::Url;

use super::http::{self, LONGEST_ANSWER, MEDIA, TIMEOUT, VERSION, json, words};
use super::key::Key;
use super::limit::{self, Left};
use super::token::Tokens;
use super::{Address, App, GitHubError};
use crate::clock::Clock;
use crate::pace::Pace;
use crate::pause::Pauses;
use crate::turns::Turns;
use crate::wire::{self, Answer, Missing};

/// How long a call waits for its turn.
const PATIENCE: Duration = Duration::from_secs(3);

/// Our share of the points that may be spent in a minute, which are 900 for REST and 2000 for GraphQL; besides, answering
/// GraphQL may take no more than a minute of each minute.
/// <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits>
const REST_QUOTA: Quota = Quota { name: "github:rest", every: Duration::from_millis(100), burst: 60 };
const GRAPHQL_QUOTA: Quota = Quota { name: "github:graphql", every: Duration::from_millis(200), burst: 20 };

/// Of what creates something there may be 80 in a minute.
const ACT_QUOTA: Quota = Quota { name: "github:act", every: Duration::from_secs(1), burst: 20 };

/// Where our clock differs from GitHub's by more than this, what says who asks may be refused for that alone.
const OFF: TimeDelta = TimeDelta::seconds(30);

/// So many calls may come at once from those who list much, so that they never keep others waiting.
const BACKGROUND_BURST: u32 = 10;

/// Calls GitHub. Copies share their pauses, turns and tokens.
#[derive(Clone)]
pub struct Client {
    pub(super) http: reqwest::Client,
    address: Address,
    app: Arc<(String, Key)>,
    pub(super) tokens: Arc<Tokens>,
    pauses: Arc<Pauses>,
    turns: Arc<Turns>,
    pace: Option<Arc<dyn Pace>>,
    pub(super) clock: Arc<Clock>,
}

/// As whom one speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum As {
    /// As the app.
    App,
    /// As one of its installations.
    Installation(i64),
}

/// What is counted on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Road {
    /// Reading by REST.
    Rest,
    /// Changing something by REST.
    Act,
    /// GraphQL, which only reads here.
    Graphql,
}

impl Road {
    /// What has to wait when GitHub wants fewer calls; of those who list much, earlier.
    fn pause(self, background: bool) -> &'static str {
        match (self, background) {
            (Self::Rest | Self::Act, false) => "github:rest",
            (Self::Rest | Self::Act, true) => "github:rest:background",
            (Self::Graphql, false) => "github:graphql",
            (Self::Graphql, true) => "github:graphql:background",
        }
    }

    fn quota(self) -> Quota {
        match self {
            Self::Rest => REST_QUOTA,
            Self::Act => ACT_QUOTA,
            Self::Graphql => GRAPHQL_QUOTA,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Rest => "rest",
            Self::Act => "act",
            Self::Graphql => "graphql",
        }
    }
}

/// One call.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// Below the address of REST; of GraphQL none.
    pub(super) path: &'a [&'a str],
    pub(super) query: &'a [(&'static str, String)],
    pub(super) body: Option<Value>,
    pub(super) by: As,
    pub(super) road: Road,
    /// Whether others go first.
    pub(super) background: bool,
    /// What the answer was like before: where it is the same, none is sent, and the call does not count.
    pub(super) etag: Option<&'a str>,
}

impl<'a> Call<'a> {
    /// Reads something for those who list much.
    pub(super) fn read(by: As, path: &'a [&'a str]) -> Self {
        let (method, road) = (Method::GET, Road::Rest);
        Self { method, path, query: &[], body: None, by, road, background: true, etag: None }
    }

    /// Changes something.
    pub(super) fn act(by: As, method: Method, path: &'a [&'a str]) -> Self {
        Self { method, road: Road::Act, background: false, ..Self::read(by, path) }
    }
}

impl Client {
    /// A client for one app. The process has chosen its TLS provider before.
    pub fn new(address: Address, app: &App) -> anyhow::Result<Self> {
        Self::patient(address, app, TIMEOUT)
    }

    /// A client that waits so long for each answer.
    pub fn patient(address: Address, app: &App, timeout: Duration) -> anyhow::Result<Self> {
        let key = Key::parse(&app.private_key).map_err(|it| anyhow::anyhow!("GITHUB_APP_PRIVATE_KEY {it}"))?;
        Ok(Self {
            http: http::client(timeout)?,
            address,
            app: Arc::new((app.id.clone(), key)),
            tokens: Arc::default(),
            pauses: Arc::default(),
            turns: Arc::default(),
            pace: None,
            clock: Arc::default(),
        })
    }

    /// The same client, which also keeps the pauses and turns of other processes, and tells its own.
    pub fn paced(self, pace: Arc<dyn Pace>) -> Self {
        Self { pace: Some(pace), ..self }
    }

    /// The time at GitHub when it last answered, to the second below: whatever is asked from now on is answered later.
    pub fn clock(&self) -> Option<DateTime<Utc>> {
        self.clock.shows()
    }

    /// Makes a call that only reads: one failure is tried again.
    pub(super) async fn read(&self, call: &Call<'_>) -> Result<Answer, GitHubError> {
        let answer = match self.once(call).await {
            Err(Missing::Broken { again: true, .. }) => self.once(call).await,
            answer => answer,
        };
        verdict(call.by, answer.map_err(GitHubError::reading)?)
    }

    /// Makes a call that changes something, once: what broke after it was sent may have been done.
    pub(super) async fn act(&self, call: &Call<'_>) -> Result<Answer, GitHubError> {
        verdict(call.by, self.once(call).await.map_err(GitHubError::acting)?)
    }

    /// Makes a call once; where GitHub does not take what says who asks, again with a new token, or by its own clock.
    pub(super) async fn once(&self, call: &Call<'_>) -> Result<Answer, Missing> {
        let ours = Utc::now();
        let answer = self.tried(call, ours).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let theirs = self.clock.shows().filter(|it| (*it - ours).abs() > OFF);
        match (call.by, theirs) {
            (As::Installation(id), _) => {
                self.tokens.forget(id).await;
                self.tried(call, ours).await
            }
            (As::App, Some(theirs)) => self.tried(call, theirs).await,
            (As::App, None) => Ok(answer),
        }
    }

    async fn tried(&self, call: &Call<'_>, now: DateTime<Utc>) -> Result<Answer, Missing> {
        let bearer = match call.by {
            As::App => self.app.1.token(&self.app.0, now).map_err(Missing::unsent)?,
            As::Installation(id) => self.tokens.of(self, id).await?,
        };
        let request = self.request(call, &bearer)?;
        self.admit(call).await?;
        let answer = wire::exchange(request, LONGEST_ANSWER).await;
        let answer = match answer {
            Ok(answer) => self.heard(call, answer).await,
            Err(missing) => Err(missing),
        };
        metrics::counter!("pinconsole_github_calls_total", "road" => call.road.word(), "outcome" => outcome(&answer))
            .increment(1);
        answer
    }

    /// Takes an answer in: what it says of the time, of how much is left, and whether it is one.
    async fn heard(&self, call: &Call<'_>, answer: Answer) -> Result<Answer, Missing> {
        self.clock.note(&answer.headers);
        let now = self.clock.shows().unwrap_or_else(Utc::now);
        let said = if answer.status.is_client_error() { json(&answer).unwrap_or_default() } else { Value::Null };
        if let Some(wait) = limit::wanted(answer.status, &answer.headers, &words(&said), now) {
            self.hold(call.road, wait).await;
            return Err(Missing::Limited(wait));
        }
        if let Some(left) = Left::told(&answer.headers, now) {
            self.keep(call.road, left).await;
        }
        if answer.status.is_server_error() {
            let seen = format!("status {}", answer.status.as_u16());
            return Err(Missing::Broken { seen, again: true, sent: true });
        }
        if answer.status.is_redirection() && answer.status != StatusCode::NOT_MODIFIED {
            let seen = "a redirect to another host, which is not followed".into();
            return Err(Missing::Broken { seen, again: false, sent: true });
        }
        Ok(answer)
    }

    /// Lets everybody rest who would ask for too much.
    pub(super) async fn keep(&self, road: Road, left: Left) {
        metrics::gauge!("pinconsole_github_calls_left", "road" => road.word()).set(left.remaining as f64);
        if left.none() {
            self.hold(road, left.resets_in).await;
        } else if left.scarce() {
            self.hold_one(road.pause(true), left.resets_in).await;
        }
    }

    /// Lets all rest for so long.
    pub(super) async fn hold(&self, road: Road, wait: Duration) {
        self.hold_one(road.pause(false), wait).await;
        self.hold_one(road.pause(true), wait).await;
    }

    async fn hold_one(&self, pause: &'static str, wait: Duration) {
        self.pauses.hold(pause, Instant::now(), wait);
        if let Some(pace) = &self.pace {
            pace.hold(pause, wait).await;
        }
    }

    fn request(&self, call: &Call<'_>, bearer: &str) -> Result<RequestBuilder, Missing> {
        let url = match call.road {
            Road::Graphql => Some(self.address.graphql.clone()),
            Road::Rest | Road::Act => joined(&self.address.rest, call.path),
        };
        let url = url.ok_or_else(|| Missing::unsent("no address"))?;
        let bearer = HeaderValue::from_str(&format!("Bearer {bearer}"));
        let mut bearer = bearer.map_err(|_| Missing::unsent("a token that is none"))?;
        bearer.set_sensitive(true);
        let mut request = self.http.request(call.method.clone(), url).query(call.query);
        request = request.header(ACCEPT, MEDIA).header(VERSION.0, VERSION.1).header(AUTHORIZATION, bearer);
        if let Some(etag) = call.etag.and_then(|it| HeaderValue::from_str(it).ok()) {
            request = request.header(IF_NONE_MATCH, etag);
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
        let (quota, pause, now) = (call.road.quota(), call.road.pause(call.background), Instant::now());
        let quota = Quota { burst: if call.background { BACKGROUND_BURST } else { quota.burst }, ..quota };
        if let Some(rest) = self.pauses.rest(pause, now).or_else(|| self.turns.take(&quota, now)) {
            return Some(rest);
        }
        let pace = self.pace.as_ref()?;
        match pace.rest(pause).await {
            None => pace.turn(&quota).await,
            rest => rest,
        }
    }
}

fn outcome(answer: &Result<Answer, Missing>) -> &'static str {
    match answer {
        Ok(it) if it.status == StatusCode::NOT_MODIFIED => "unchanged",
        Ok(it) if it.status.is_success() => "good",
        Ok(_) => "refused",
        Err(Missing::Limited(_)) => "limited",
        Err(Missing::Broken { .. }) => "broken",
    }
}

/// An address below a base. What comes from outside may be no path of its own.
fn joined(base: &Url, path: &[&str]) -> Option<Url> {
    let known = |it: u8| it.is_ascii_alphanumeric() || b"-_.".contains(&it);
    let plain = |it: &&str| !it.is_empty() && it.bytes().all(known) && !it.bytes().all(|it| it == b'.');
    if !path.iter().all(plain) {
        return None;
    }
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    Some(url)
}

/// The answer, unless it is a no.
pub(super) fn verdict(by: As, answer: Answer) -> Result<Answer, GitHubError> {
    if answer.status.is_success() || answer.status == StatusCode::NOT_MODIFIED {
        return Ok(answer);
    }
    let message = words(&json(&answer).unwrap_or_default());
    Err(match (answer.status, by) {
        (StatusCode::UNAUTHORIZED, _) => GitHubError::Credentials { message },
        (StatusCode::FORBIDDEN, _) => GitHubError::Forbidden { message },
        // An app that GitHub does not know has no installations either.
        (StatusCode::NOT_FOUND | StatusCode::GONE, _) => GitHubError::Gone,
        (status, _) => GitHubError::Refused { http: status.as_u16(), message },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_a_path_of_its_own() {
        let base: Url = "https://ghe.example/api/v3".parse().unwrap();
        let told = |path: &[&str]| joined(&base, path).map(|it| it.to_string());
        let repository = told(&["repos", "mosaic-lane", "payments.js"]);
        assert_eq!(repository.as_deref(), Some("https://ghe.example/api/v3/repos/mosaic-lane/payments.js"));
        for wrong in ["..", ".", "", "a/b", "a?b", "%2e%2e", "a b"] {
            assert_eq!(told(&["repos", wrong]), None, "{wrong}");
        }
    }
}
