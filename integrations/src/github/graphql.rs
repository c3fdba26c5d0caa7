//! Questions in GraphQL: what was answered counts, even beside errors.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::{As, Call, Road};
use super::http::json;
use super::lenient::or_default;
use super::limit::{self, Left};
use super::{Client, GitHubError};

/// The same limit, where GitHub tells of it in an answer with the status of success.
/// <https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api>
const LIMITED: &str = "RATE_LIMITED";

/// There is no such thing, or it is not shown.
const GONE: &str = "NOT_FOUND";

/// How long one waits where an answer that tells of a limit does not say.
const AT_LEAST: Duration = Duration::from_secs(60);

/// What an error says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
struct Wrong {
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    message: String,
}

#[derive(Deserialize)]
struct Answered {
    #[serde(default)]
    data: Value,
    #[serde(default, deserialize_with = "or_default")]
    errors: Vec<Wrong>,
}

/// What a question cost, and what is left.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RateLimit {
    cost: u64,
    limit: i64,
    remaining: i64,
    reset_at: DateTime<Utc>,
}

/// What the objects of a list of ids are; none for one that is not there, or is not shown.
pub(super) type Nodes<T> = Vec<Option<T>>;

impl Client {
    /// What these ids stand for, in their order.
    pub(super) async fn nodes<T: DeserializeOwned>(
        &self,
        installation: i64,
        (query, variables): (&'static str, Value),
    ) -> Result<Nodes<T>, GitHubError> {
        let mut data = self.ask(installation, query, variables).await?;
        let Some(Value::Array(nodes)) = data.get_mut("nodes").map(Value::take) else {
            return Err(GitHubError::Malformed("no objects where some were asked for".into()));
        };
        // Of something else than was asked for nothing is told, not even its id.
        Ok(nodes.into_iter().map(|it| serde_json::from_value(it).ok()).collect())
    }

    /// What one id stands for.
    pub(super) async fn node<T: DeserializeOwned>(
        &self,
        installation: i64,
        (query, variables): (&'static str, Value),
    ) -> Result<T, GitHubError> {
        let mut data = self.ask(installation, query, variables).await?;
        match data.get_mut("node").map(Value::take) {
            None | Some(Value::Null) => Err(GitHubError::Gone),
            Some(node) => serde_json::from_value(node).map_err(|_| GitHubError::Malformed("another object".into())),
        }
    }

    /// Asks once; whoever asks makes less of it where it was too much.
    async fn ask(&self, installation: i64, query: &'static str, variables: Value) -> Result<Value, GitHubError> {
        let call = Call {
            method: Method::POST,
            road: Road::Graphql,
            body: Some(json!({ "query": query, "variables": variables })),
            ..Call::read(As::Installation(installation), &[])
        };
        let answer = self.once(&call).await.map_err(GitHubError::reading)?;
        let answer = super::client::verdict(call.by, answer)?;
        let told = json(&answer).and_then(|it| serde_json::from_value(it).ok());
        let Answered { data, errors } = told.ok_or_else(|| GitHubError::Malformed("it is no answer".into()))?;
        self.counted(&data).await;
        if let Some(error) = self.refused(&data, &errors, &answer.headers).await {
            return Err(error);
        }
        for it in errors.iter().filter(|it| it.kind != GONE) {
            tracing::warn!(kind = it.kind, message = it.message, "GitHub answered a question in part");
        }
        Ok(data)
    }

    /// Keeps account of the points.
    async fn counted(&self, data: &Value) {
        let told = data.get("rateLimit").cloned().and_then(|it| serde_json::from_value::<RateLimit>(it).ok());
        let Some(told) = told else { return };
        metrics::counter!("pinconsole_github_points_total").increment(told.cost);
        let now = self.clock().unwrap_or_else(Utc::now);
        let resets_in = limit::seconds((told.reset_at - now).num_seconds());
        self.keep(Road::Graphql, Left { limit: told.limit, remaining: told.remaining, resets_in }).await;
    }

    /// Why there is no answer at all.
    async fn refused(
        &self,
        data: &Value,
        errors: &[Wrong],
        headers: &reqwest::header::HeaderMap,
    ) -> Option<GitHubError> {
        if errors.iter().any(|it| it.kind == LIMITED) {
            let left = Left::told(headers, self.clock().unwrap_or_else(Utc::now));
            let retry_after = left.map_or(AT_LEAST, |it| it.resets_in.max(Duration::from_secs(1)));
            self.hold(Road::Graphql, retry_after).await;
            return Some(GitHubError::Limited { retry_after });
        }
        let nothing = data.as_object().is_none_or(|it| it.values().all(Value::is_null));
        let first = errors.first().filter(|_| nothing)?;
        let message: String = first.message.chars().filter(|it| !it.is_control()).take(300).collect();
        // What takes too long is told so; less of it may do.
        let heavy = message.to_lowercase().contains("something went wrong") || message.contains("timeout");
        Some(match heavy {
            true => GitHubError::Passing(message),
            false => GitHubError::Refused { http: 200, message },
        })
    }
}
