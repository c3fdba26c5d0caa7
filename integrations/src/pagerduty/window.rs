use chrono::{DateTime, SecondsFormat, Utc};

/// From when until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// From when.
    pub since: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
}

impl Window {
    pub(super) fn query(&self) -> [(&'static str, String); 2] {
        [("since", time(self.since)), ("until", time(self.until))]
    }
}

/// A time with its zone, without which PagerDuty would take the account's.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
