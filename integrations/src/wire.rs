//! One request to an outside system and its answer.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, StatusCode};

/// How long PagerDuty wants no call. <https://developer.pagerduty.com/docs/rest-api-rate-limits>
const RATELIMIT_RESET: &str = "ratelimit-reset";

/// When a 429 does not say how long to wait.
const DEFAULT_WAIT: Duration = Duration::from_secs(30);

/// An answer that is neither a failure of the server nor a rate limit.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Why there is none.
pub(crate) enum Missing {
    /// Nothing usable came; `again` when asking once more is worth it, `sent` when the request may have arrived.
    Broken { seen: String, again: bool, sent: bool },
    /// Too many calls.
    Limited(Duration),
}

impl Missing {
    fn broken(seen: impl Into<String>) -> Self {
        Self::Broken { seen: seen.into(), again: false, sent: true }
    }

    /// It was too late to begin.
    pub(super) fn late() -> Self {
        Self::Broken { seen: "this process was too slow to call".into(), again: false, sent: false }
    }

    /// The request surely did not arrive.
    pub(crate) fn unsent(seen: impl Into<String>) -> Self {
        Self::Broken { seen: seen.into(), again: true, sent: false }
    }
}

/// Sends a request once and takes an answer of at most `longest` bytes.
pub(crate) async fn send(request: RequestBuilder, longest: usize) -> Result<Answer, Missing> {
    let mut response = request.send().await.map_err(unsent)?;
    let (status, headers) = (response.status(), response.headers().clone());
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Missing::Limited(retry_after(&headers)));
    }
    if status.is_server_error() {
        return Err(Missing::Broken { seen: format!("status {}", status.as_u16()), again: true, sent: true });
    }
    if status.is_redirection() {
        return Err(Missing::broken("a redirect, which is not followed"));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unsent)? {
        if body.len() + chunk.len() > longest {
            return Err(Missing::broken("an endless answer"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body })
}

/// The error's own words would tell the address, which may be a secret.
fn unsent(error: reqwest::Error) -> Missing {
    if error.is_connect() {
        Missing::unsent("no connection")
    } else if error.is_timeout() {
        Missing::broken("no answer in time")
    } else {
        Missing::broken("the connection broke")
    }
}

fn retry_after(headers: &HeaderMap) -> Duration {
    let seconds = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse().ok();
    let said = seconds(RETRY_AFTER.as_str()).or_else(|| seconds(RATELIMIT_RESET));
    said.map_or(DEFAULT_WAIT, Duration::from_secs)
}
