//! What all calls of GitHub share.

use std::time::Duration;

use reqwest::redirect::{Action, Attempt, Policy};
use serde_json::Value;

use crate::wire::Answer;

/// For one request and its answer; GitHub itself gives up after ten seconds.
/// <https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts>
pub(super) const TIMEOUT: Duration = Duration::from_secs(15);

/// A hundred pull requests with all that we ask of each stay far below this.
pub(super) const LONGEST_ANSWER: usize = 16 << 20;

/// <https://docs.github.com/en/rest/about-the-rest-api/api-versions>
pub(super) const VERSION: (&str, &str) = ("x-github-api-version", "2022-11-28");

/// <https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types>
pub(super) const MEDIA: &str = "application/vnd.github+json";

/// What was renamed is found under its new name, but only at the same host: a token is nobody else's business.
const MOST_REDIRECTS: usize = 3;

/// A client that waits so long for each answer. The process has chosen its TLS provider before.
pub(super) fn client(timeout: Duration) -> anyhow::Result<reqwest::Client> {
    let http = reqwest::Client::builder()
        .redirect(Policy::custom(same_host))
        .retry(reqwest::retry::never())
        .timeout(timeout)
        .user_agent("PinConsole");
    Ok(http.build()?)
}

fn same_host(attempt: Attempt<'_>) -> Action {
    let first = attempt.previous().first().map(|it| it.origin());
    match first == Some(attempt.url().origin()) && attempt.previous().len() <= MOST_REDIRECTS {
        true => attempt.follow(),
        false => attempt.stop(),
    }
}

pub(super) fn json(answer: &Answer) -> Option<Value> {
    serde_json::from_slice(&answer.body).ok()
}

/// What GitHub says, as far as it fits in a line.
pub(super) fn words(said: &Value) -> String {
    let message = said.get("message").and_then(Value::as_str).unwrap_or("no reason given");
    let details = said.get("errors").and_then(Value::as_array).into_iter().flatten();
    let details = details.filter_map(|it| it.as_str().or_else(|| it.get("message")?.as_str()));
    let said: Vec<&str> = std::iter::once(message).chain(details.take(3)).collect();
    said.join("; ").chars().filter(|it| !it.is_control()).take(300).collect()
}
