use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::guard::Guard;
use super::profile::User;
use super::{Address, Profile, ResponseUrl, SlackError, Team};
use crate::pace::Pace;
use crate::pause::Pauses;
use crate::wire::{self, Answer, Missing};

/// For one request and its answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// For an answer with all its waits; after that nobody is looking any more.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was learned of pauses so long ago may be wrong by now, as when this process stood still meanwhile.
const FRESH: Duration = Duration::from_millis(100);

/// Who could not begin a call for so long does not: whatever gave leave for it may be over.
const LEAVE: Duration = Duration::from_secs(1);

/// A response URL works five times. <https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses>
const USES: usize = 5;

/// Answers are small; more is not Slack's.
const LONGEST_ANSWER: usize = 1 << 20;

/// Under which response URLs are held back together.
const RESPONSES: &str = "(response URL)";

/// Calls Slack. Copies share their pauses.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    api: Url,
    address: Address,
    pauses: Arc<Pauses>,
    pace: Option<Arc<dyn Pace>>,
}

impl Client {
    /// A client for one workspace. The process has chosen its TLS provider before.
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
            .dns_resolver(std::sync::Arc::new(Guard::new(address.guarded())))
            .build()?;
        Ok(Self { http, api: address.api()?, address, pauses: Arc::default(), pace: None })
    }

    /// The same client, which also keeps the pauses that other processes learned of, and tells its own.
    pub fn paced(self, pace: Arc<dyn Pace>) -> Self {
        Self { pace: Some(pace), ..self }
    }

    /// A digest of the token, by which what was told of it can be kept.
    pub fn token_digest(&self) -> [u8; 32] {
        Sha256::digest(self.address.bot_token.expose_secret()).into()
    }

    /// The workspace that the token belongs to.
    pub async fn team(&self) -> Result<Team, SlackError> {
        let answer = self.call("auth.test", &[]).await?;
        let scopes = answer.headers.get("x-oauth-scopes").and_then(|it| it.to_str().ok()).unwrap_or_default();
        let scopes = scopes.split(',').map(str::trim).filter(|it| !it.is_empty()).map(String::from).collect();
        let team: Team = read(&answer.body)?;
        Ok(Team { scopes, ..team })
    }

    /// A user, as seen from the workspace `home`. <https://docs.slack.dev/reference/methods/users.info/>
    pub async fn profile(&self, user_id: &str, home: &str) -> Result<Profile, SlackError> {
        #[derive(Deserialize)]
        struct Info {
            user: User,
        }
        let answer = self.call("users.info", &[("user", user_id)]).await?;
        read(&answer.body).map(|it: Info| it.user.seen_from(home))
    }

    /// Posts a message to the address that a command or press brought with it.
    pub async fn respond(&self, to: &ResponseUrl, message: &impl Serialize) -> Result<(), SlackError> {
        let url = self.address.allow(to)?;
        let end = Instant::now() + PATIENCE;
        let mut broke = false;
        for _ in 0..USES {
            self.wait(end).await?;
            match wire::send(self.http.post(url.clone()).json(message), LONGEST_ANSWER).await {
                Ok(answer) => return verdict(&answer),
                Err(Missing::Limited(wait)) => self.pauses.hold(RESPONSES, Instant::now(), wait),
                Err(Missing::Broken { again: true, .. }) if !broke => broke = true,
                Err(Missing::Broken { seen, .. }) => return Err(SlackError::Away(seen)),
            }
        }
        Err(SlackError::RateLimited { retry_after: self.rest(RESPONSES) })
    }

    /// Until answers may be posted; an error if that is too late.
    async fn wait(&self, end: Instant) -> Result<(), SlackError> {
        let rest = self.rest(RESPONSES);
        if Instant::now() + rest > end {
            return Err(SlackError::RateLimited { retry_after: rest });
        }
        tokio::time::sleep(rest).await;
        Ok(())
    }

    /// Calls a method that only reads: one failure is tried again.
    pub(super) async fn call(&self, method: &'static str, form: &[(&str, &str)]) -> Result<Answer, SlackError> {
        match self.once(method, form).await {
            Err(Missing::Broken { again: true, .. }) => self.once(method, form).await,
            answer => answer,
        }
        .map_err(|missing| match missing {
            Missing::Broken { seen, .. } => SlackError::Away(seen),
            Missing::Limited(retry_after) => SlackError::RateLimited { retry_after },
        })
        .and_then(|answer| verdict(&answer).map(|()| answer))
    }

    /// Calls a method that changes something, once: what broke after it was sent may have been done.
    pub(super) async fn act(&self, method: &'static str, form: &[(&str, &str)]) -> Result<Answer, SlackError> {
        let answer = self.once(method, form).await.map_err(|missing| match missing {
            Missing::Broken { seen, sent: true, .. } => SlackError::Unclear(seen),
            Missing::Broken { seen, .. } => SlackError::Away(seen),
            Missing::Limited(retry_after) => SlackError::RateLimited { retry_after },
        })?;
        match verdict(&answer) {
            // Slack says of its own trouble that part of what was asked may have happened.
            Err(SlackError::Away(seen)) => Err(SlackError::Unclear(seen)),
            verdict => verdict.map(|()| answer),
        }
    }

    async fn once(&self, method: &'static str, form: &[(&str, &str)]) -> Result<Answer, Missing> {
        let until = Instant::now() + LEAVE;
        self.pause_is_over(method, until).await?;
        let Ok(url) = self.api.join(method) else { return Err(Missing::unsent("no address")) };
        let request = self.http.post(url).bearer_auth(self.address.bot_token.expose_secret());
        let answer = wire::send(wire::form_until(request, form, until), LONGEST_ANSWER).await;
        if let Err(Missing::Limited(wait)) = &answer {
            self.pauses.hold(method, Instant::now(), *wait);
            if let Some(pace) = &self.pace {
                pace.hold(method, *wait).await;
            }
        }
        answer
    }

    /// Looks whether a method may be called, and again until that is no old news.
    async fn pause_is_over(&self, method: &'static str, until: Instant) -> Result<(), Missing> {
        while Instant::now() < until {
            let asked = Instant::now();
            let shared = match &self.pace {
                Some(pace) => pace.rest(method).await,
                None => None,
            };
            if let Some(rest) = self.pauses.rest(method, Instant::now()).or(shared) {
                return Err(Missing::Limited(rest));
            }
            if asked.elapsed() < FRESH {
                return Ok(());
            }
        }
        Err(Missing::late())
    }

    fn rest(&self, method: &'static str) -> Duration {
        self.pauses.rest(method, Instant::now()).unwrap_or_default()
    }
}

/// Methods say `{"ok": …}`; response URLs say that, or a bare word.
fn verdict(answer: &Answer) -> Result<(), SlackError> {
    #[derive(Deserialize)]
    struct Verdict {
        ok: bool,
        error: Option<String>,
    }
    let said: Result<Verdict, _> = serde_json::from_slice(&answer.body);
    match said {
        Ok(Verdict { ok: true, .. }) if answer.status.is_success() => Ok(()),
        Ok(Verdict { error, .. }) => Err(refusal(&error.unwrap_or_default())),
        Err(_) if answer.status.is_success() && answer.body.trim_ascii() == b"ok" => Ok(()),
        Err(_) if answer.status.is_client_error() => Err(refusal(&String::from_utf8_lossy(answer.body.trim_ascii()))),
        Err(_) => Err(unreadable()),
    }
}

/// Slack's own trouble also comes as a refusal. <https://docs.slack.dev/reference/methods/auth.test/#errors>
fn refusal(code: &str) -> SlackError {
    match code {
        "internal_error" | "fatal_error" | "service_unavailable" | "request_timeout" | "team_added_to_org" => {
            SlackError::Away(code.into())
        }
        _ => SlackError::refused(code),
    }
}

pub(super) fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, SlackError> {
    serde_json::from_slice(body).map_err(|_| unreadable())
}

fn unreadable() -> SlackError {
    SlackError::Away("what answers does not speak like Slack".into())
}
