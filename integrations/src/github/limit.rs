//! What GitHub says of how often it may be asked.
//!
//! <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// How long one waits where GitHub does not say.
/// <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately>
const AT_LEAST: Duration = Duration::from_secs(60);

/// What reading leaves to people who wait for an answer: a twentieth of what may be asked in an hour.
const RESERVE: i64 = 20;

/// What is left of an hour's calls, or points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) limit: i64,
    pub(super) remaining: i64,
    /// Until there are as many as ever.
    pub(super) resets_in: Duration,
}

impl Left {
    /// What the headers of an answer say.
    pub(super) fn told(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Self> {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        let (limit, remaining) = (number("x-ratelimit-limit")?, number("x-ratelimit-remaining")?);
        let resets_in = seconds(number("x-ratelimit-reset")? - now.timestamp());
        Some(Self { limit, remaining, resets_in })
    }

    /// Whether nothing is left.
    pub(super) fn none(self) -> bool {
        self.remaining <= 0
    }

    /// Whether what is left is for people.
    pub(super) fn scarce(self) -> bool {
        self.remaining < self.limit / RESERVE
    }
}

/// How long GitHub wants no call, if that is why it refuses: it says so with the same status with which it refuses what is not
/// permitted.
pub(super) fn wanted(status: StatusCode, headers: &HeaderMap, message: &str, now: DateTime<Utc>) -> Option<Duration> {
    if !matches!(status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS) {
        return None;
    }
    let after = headers.get(RETRY_AFTER).and_then(|it| it.to_str().ok()?.trim().parse().ok()).map(Duration::from_secs);
    let left = Left::told(headers, now).filter(|it| it.none()).map(|it| it.resets_in.max(Duration::from_secs(1)));
    let said = status == StatusCode::TOO_MANY_REQUESTS || message.to_lowercase().contains("rate limit");
    after.or(left).or(said.then_some(AT_LEAST))
}

/// So many seconds, none where they are past.
pub(super) fn seconds(seconds: i64) -> Duration {
    Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderName;

    use super::*;

    fn headers(told: &[(&'static str, &'static str)]) -> HeaderMap {
        told.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_refusal_is_a_limit_only_where_something_says_so() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let forbidden = |told: &[(&'static str, &'static str)], message| {
            wanted(StatusCode::FORBIDDEN, &headers(told), message, now).map(|it| it.as_secs())
        };
        let left = [("x-ratelimit-limit", "5000"), ("x-ratelimit-reset", "1800000090")];
        let with = |remaining| [left[0], left[1], ("x-ratelimit-remaining", remaining)];
        assert_eq!(forbidden(&with("4000"), "Resource not accessible by integration"), None);
        assert_eq!(forbidden(&with("0"), "no"), Some(90));
        assert_eq!(forbidden(&[("retry-after", "7")], "You have exceeded a secondary rate limit"), Some(7));
        assert_eq!(forbidden(&with("4000"), "You have exceeded a secondary rate limit"), Some(60));
        assert_eq!(wanted(StatusCode::TOO_MANY_REQUESTS, &headers(&[]), "", now), Some(AT_LEAST));
        assert_eq!(wanted(StatusCode::NOT_FOUND, &headers(&with("0")), "", now), None);
    }

    #[test]
    fn reading_leaves_something_to_people() {
        let left = |remaining| Left { limit: 5000, remaining, resets_in: Duration::ZERO };
        assert!(left(249).scarce() && !left(250).scarce());
        assert!(left(0).none() && !left(1).none());
    }
}
