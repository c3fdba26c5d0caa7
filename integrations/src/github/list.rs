//! Lists of REST: each page is asked for only where it is no longer what it was.

use reqwest::StatusCode;
use reqwest::header::{ETAG, HeaderMap};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::client::{As, Call};
use super::http::json;
use super::lenient::each;
use super::{Client, GitHubError};

/// <https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api>
pub(super) const PAGE: usize = 100;

/// Twenty thousand of anything.
const MOST_PAGES: usize = 200;

/// A list as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listed<T> {
    /// It is what it was when these marks were told.
    Same,
    /// All that is in it.
    Whole {
        /// Each.
        items: Vec<T>,
        /// Marks of its pages, by which it is asked for again.
        etags: Vec<String>,
    },
}

/// One page.
enum Page {
    Same,
    New { items: Vec<Value>, etag: String },
}

impl Client {
    /// A list, unless it is what it was when these marks were told. A list that could not be read whole is an error, since a
    /// part would look like the whole.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        by: As,
        (path, name): (&[&str], Option<&'static str>),
        etags: &[String],
    ) -> Result<Listed<T>, GitHubError> {
        if !etags.is_empty() && self.same(by, (path, name), etags).await? {
            return Ok(Listed::Same);
        }
        let (mut items, mut marks) = (Vec::new(), Vec::new());
        for number in 1..=MOST_PAGES {
            let Page::New { items: found, etag } = self.page(by, (path, name), (number, None)).await? else {
                return Err(GitHubError::Malformed("it says that nothing changed of what it was not told".into()));
            };
            marks.push(etag);
            let last = found.len() < PAGE;
            items.extend(each(Value::Array(found)));
            if last {
                return Ok(Listed::Whole { items, etags: marks });
            }
        }
        Err(GitHubError::TooMany(path.last().map_or("pages", |_| "entries")))
    }

    /// Whether every page is what it was. The last one has room for more, so that nothing is added behind it unseen.
    async fn same(&self, by: As, of: (&[&str], Option<&'static str>), etags: &[String]) -> Result<bool, GitHubError> {
        for (number, etag) in (1..).zip(etags) {
            if etag.is_empty() || !matches!(self.page(by, of, (number, Some(etag))).await?, Page::Same) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn page(
        &self,
        by: As,
        (path, name): (&[&str], Option<&'static str>),
        (number, etag): (usize, Option<&str>),
    ) -> Result<Page, GitHubError> {
        let query = [("per_page", PAGE.to_string()), ("page", number.to_string())];
        let answer = self.read(&Call { query: &query, etag, ..Call::read(by, path) }).await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return Ok(Page::Same);
        }
        let mut told = json(&answer).unwrap_or_default();
        let list = match name {
            Some(name) => told.get_mut(name).map(Value::take),
            None => Some(told),
        };
        match list {
            Some(Value::Array(items)) => Ok(Page::New { items, etag: mark(&answer.headers) }),
            _ => Err(GitHubError::Malformed("no list where one was asked for".into())),
        }
    }
}

fn mark(headers: &HeaderMap) -> String {
    headers.get(ETAG).and_then(|it| it.to_str().ok()).unwrap_or_default().into()
}
