//! One request to an outside system and its answer.

use std::error::Error;
use std::iter::successors;
use std::time::{Duration, Instant};

use futures::stream;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Body, RequestBuilder, Response, StatusCode};
use url::form_urlencoded;

/// How long PagerDuty wants no call. <https://developer.pagerduty.com/docs/rest-api-rate-limits>
const RATELIMIT_RESET: &str = "ratelimit-reset";

/// When a 429 does not say how long to wait.
const DEFAULT_WAIT: Duration = Duration::from_secs(30);

/// An answer; of [`send`], one that is neither a failure of the server nor a rate limit.
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

/// The form was to be sent later than it may be.
#[derive(Debug, thiserror::Error)]
#[error("too late to send")]
struct Late;

/// A request with a form that leaves this process before then or not at all: whatever gave leave for it, a pause that is
/// over or a lease, may be otherwise afterwards, and a process can stand still at any moment.
pub(crate) fn form_until(request: RequestBuilder, form: &[(&str, &str)], until: Instant) -> RequestBuilder {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish().into_bytes();
    let length = form.len();
    let sent = stream::once(async move { if Instant::now() < until { Ok(form) } else { Err(Late) } });
    request
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(CONTENT_LENGTH, length)
        .body(Body::wrap_stream(sent))
}

/// Sends a request once and takes an answer of at most `longest` bytes.
pub(crate) async fn send(request: RequestBuilder, longest: usize) -> Result<Answer, Missing> {
    let response = request.send().await.map_err(unsent)?;
    let status = response.status();
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Missing::Limited(retry_after(response.headers())));
    }
    if status.is_server_error() {
        return Err(Missing::Broken { seen: format!("status {}", status.as_u16()), again: true, sent: true });
    }
    if status.is_redirection() {
        return Err(Missing::broken("a redirect, which is not followed"));
    }
    taken(response, longest).await
}

/// Sends a request once and takes whatever is answered, of at most `longest` bytes: some systems say more than their status does.
pub(crate) async fn exchange(request: RequestBuilder, longest: usize) -> Result<Answer, Missing> {
    taken(request.send().await.map_err(unsent)?, longest).await
}

async fn taken(mut response: Response, longest: usize) -> Result<Answer, Missing> {
    let (status, headers) = (response.status(), response.headers().clone());
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
    if successors(error.source(), |it| (*it).source()).any(|it| it.is::<Late>()) {
        Missing::late()
    } else if error.is_connect() {
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
