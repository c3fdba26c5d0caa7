use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::refusal::{Answer, Refusal};

/// <https://developer.pagerduty.com/docs/pagination>
const MAX_LIMIT: usize = 100;

/// <https://developer.pagerduty.com/docs/pagination>
const MAX_DEPTH: usize = 10_000;

/// What a route was called with.
pub(super) struct Asked {
    /// What stands for `{id}` and the like in the path.
    pub(super) ids: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Value,
    /// Id of the user in whose name it was called.
    pub(super) from: Option<String>,
    pub(super) now: DateTime<Utc>,
}

impl Asked {
    pub(super) fn id(&self, index: usize) -> &str {
        self.ids.get(index).map_or("", String::as_str)
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    pub(super) fn values(&self, name: &str) -> Vec<&str> {
        self.query.iter().filter(|it| it.0 == name).map(|it| it.1.as_str()).collect()
    }

    /// Whether an id is among those asked for; all are where none is named.
    pub(super) fn wants(&self, name: &str, id: &str) -> bool {
        let named = self.values(name);
        named.is_empty() || named.contains(&id)
    }

    /// A time. One without its zone would be the account's, which nobody here means.
    pub(super) fn time(&self, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
        let wrong = |it: &str| Refusal::input(format!("{name} is no time in UTC: {it}"));
        let read = |it: &str| it.parse().ok().filter(|_| it.ends_with('Z')).ok_or_else(|| wrong(it));
        self.value(name).map(read).transpose()
    }

    /// Values out of a closed set.
    pub(super) fn of<'a>(&'a self, name: &str, known: &[&str]) -> Result<Vec<&'a str>, Refusal> {
        let values = self.values(name);
        match values.iter().find(|it| !known.contains(it)) {
            Some(it) => Err(Refusal::input(format!("{name} may not be {it}"))),
            None => Ok(values),
        }
    }

    /// The page that was asked for.
    pub(super) fn page<T>(&self, name: &str, items: Vec<T>, told: impl Fn(T) -> Value) -> Answer {
        let (limit, offset) = (self.number("limit", 25)?, self.number("offset", 0)?);
        if limit == 0 || limit > MAX_LIMIT {
            return Err(Refusal::input(format!("limit must be between 1 and {MAX_LIMIT}")));
        }
        if offset + limit > MAX_DEPTH {
            return Err(Refusal::input(format!("offset and limit together must not exceed {MAX_DEPTH}")));
        }
        let more = items.len() > offset + limit;
        let items: Vec<Value> = items.into_iter().skip(offset).take(limit).map(told).collect();
        let page = json!({ name: items, "limit": limit, "offset": offset, "more": more, "total": null });
        Ok((StatusCode::OK, page))
    }

    fn number(&self, name: &str, default: usize) -> Result<usize, Refusal> {
        let wrong = |_| Refusal::input(format!("{name} must be a number"));
        self.value(name).map_or(Ok(default), |it| it.parse().map_err(wrong))
    }
}
