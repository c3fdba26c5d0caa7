//! How often an app may ask. <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>

use std::collections::HashMap;

use axum::http::HeaderName;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};

/// In an hour, of calls as of points.
const PER_HOUR: u64 = 5000;

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Bucket {
    /// Calls as the app.
    App,
    /// Calls of an installation.
    Rest(i64),
    /// Points of an installation.
    Graphql(i64),
}

/// What is left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    pub(super) limit: u64,
    pub(super) remaining: u64,
    pub(super) resets_at: DateTime<Utc>,
    resource: &'static str,
}

pub(super) struct Limits {
    pub(super) per_hour: u64,
    used: HashMap<Bucket, (DateTime<Utc>, u64)>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_hour: PER_HOUR, used: HashMap::new() }
    }
}

impl Limits {
    /// Takes so many, if there are any.
    pub(super) fn take(&mut self, bucket: Bucket, count: u64, now: DateTime<Utc>) -> Option<Left> {
        let left = self.left(bucket, now);
        let used = self.used.entry(bucket).or_insert((now, 0));
        if now - used.0 >= TimeDelta::hours(1) {
            *used = (now, 0);
        }
        if left.remaining < count {
            return None;
        }
        used.1 += count;
        Some(Left { remaining: left.remaining - count, ..left })
    }

    pub(super) fn left(&self, bucket: Bucket, now: DateTime<Utc>) -> Left {
        let hour = TimeDelta::hours(1);
        let (since, used) = self.used.get(&bucket).copied().filter(|it| now - it.0 < hour).unwrap_or((now, 0));
        let resource = if matches!(bucket, Bucket::Graphql(_)) { "graphql" } else { "core" };
        Left { limit: self.per_hour, remaining: self.per_hour.saturating_sub(used), resets_at: since + hour, resource }
    }

    /// Begins a new hour.
    pub(super) fn anew(&mut self) {
        self.used.clear();
    }
}

impl Left {
    /// An answer that says so.
    pub(super) fn on(self, mut answer: Response) -> Response {
        let told = [
            ("limit", self.limit.to_string()),
            ("remaining", self.remaining.to_string()),
            ("used", (self.limit - self.remaining).to_string()),
            ("reset", self.resets_at.timestamp().to_string()),
            ("resource", self.resource.into()),
        ];
        for (name, value) in told {
            let name = HeaderName::try_from(format!("x-ratelimit-{name}")).expect("a name");
            answer.headers_mut().insert(name, value.parse().expect("digits and letters"));
        }
        answer
    }
}
