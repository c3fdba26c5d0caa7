//! Events that GitHub sent: it never sends one again by itself, but keeps it for three days.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use reqwest::header::{HeaderMap, LINK};
use serde::Deserialize;
use url::Url;

use super::client::{As, Call};
use super::http::json;
use super::lenient::{each, maybe_id, or_default};
use super::list::PAGE;
use super::{Client, GitHubError};

/// <https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks>
pub const KEPT: TimeDelta = TimeDelta::days(3);

/// One attempt to send an event.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct HookDelivery {
    /// The attempt's id.
    pub id: i64,
    /// The event's id, as it came with it: the same for each attempt.
    pub guid: String,
    /// When.
    pub delivered_at: DateTime<Utc>,
    /// What was answered; zero where nothing was.
    #[serde(default, deserialize_with = "or_default")]
    pub status_code: u16,
    /// The event.
    #[serde(default, deserialize_with = "or_default")]
    pub event: String,
    /// What of it.
    #[serde(default, deserialize_with = "or_default")]
    pub action: Option<String>,
    /// Where the app is installed that it is about.
    #[serde(default, deserialize_with = "maybe_id")]
    pub installation_id: Option<i64>,
}

impl HookDelivery {
    /// Whether it was taken.
    pub fn arrived(&self) -> bool {
        (200..300).contains(&self.status_code)
    }
}

/// A page of attempts, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookDeliveries {
    /// Those of this page.
    pub items: Vec<HookDelivery>,
    /// Where the next page begins, where there is one.
    pub next: Option<String>,
}

impl Client {
    /// Attempts that failed, the newest first, from where the page before ended.
    pub async fn failed_deliveries(&self, cursor: Option<&str>) -> Result<HookDeliveries, GitHubError> {
        let page = [("per_page", PAGE.to_string()), ("status", "failure".into())];
        let query: Vec<_> = page.into_iter().chain(cursor.map(|it| ("cursor", it.into()))).collect();
        let path = ["app", "hook", "deliveries"];
        let answer = self.read(&Call { query: &query, ..Call::read(As::App, &path) }).await?;
        let mut items: Vec<HookDelivery> = each(json(&answer).unwrap_or_default());
        // Older servers do not know that only failures are wanted.
        items.retain(|it| !it.arrived());
        Ok(HookDeliveries { items, next: next(&answer.headers) })
    }

    /// Lets GitHub send an event again, as this attempt sent it.
    pub async fn send_again(&self, attempt: i64) -> Result<(), GitHubError> {
        let id = attempt.to_string();
        let path = ["app", "hook", "deliveries", &id, "attempts"];
        self.act(&Call { background: true, ..Call::act(As::App, Method::POST, &path) }).await.map(|_| ())
    }
}

/// Where the next page begins. <https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api#using-link-headers>
fn next(headers: &HeaderMap) -> Option<String> {
    let links = headers.get(LINK)?.to_str().ok()?;
    let next = links.split(',').find(|it| it.contains("rel=\"next\""))?;
    let url = next.trim().strip_prefix('<')?.split_once('>')?.0;
    let url = Url::parse(url).ok()?;
    url.query_pairs().find(|it| it.0 == "cursor").map(|it| it.1.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_begins_where_the_link_says() {
        let link = |it: &str| HeaderMap::from_iter([(LINK, it.parse().unwrap())]);
        let url = "https://api.github.com/app/hook/deliveries?per_page=100&cursor=v1_12";
        assert_eq!(next(&link(&format!("<{url}>; rel=\"next\""))), Some("v1_12".into()));
        assert_eq!(next(&link(&format!("<{url}>; rel=\"prev\", <{url}3>; rel=\"next\""))), Some("v1_123".into()));
        assert_eq!(next(&link(&format!("<{url}>; rel=\"prev\""))), None);
        assert_eq!(next(&HeaderMap::new()), None);
    }
}
