use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use reqwest::header::{DATE, HeaderMap};

/// What the clock of an outside system showed when it last answered. Ours may go otherwise, and says nothing about the order of
/// its events.
#[derive(Default)]
pub(crate) struct Clock(AtomicI64);

impl Clock {
    pub(crate) fn note(&self, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|it| DateTime::parse_from_rfc2822(it.to_str().ok()?).ok());
        if let Some(date) = date {
            self.0.fetch_max(date.timestamp(), Ordering::Relaxed);
        }
    }

    pub(crate) fn shows(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.0.load(Ordering::Relaxed), 0).filter(|it| *it > DateTime::UNIX_EPOCH)
    }
}
