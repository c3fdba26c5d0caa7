use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::PagerDuty;

/// Older calls are forgotten, but stay counted.
const LONGEST: usize = 50_000;

/// What a key may do in a minute. <https://developer.pagerduty.com/docs/rest-api-rate-limits>
pub(super) const PER_MINUTE: usize = 960;

/// A call of the app.
#[derive(Clone, Debug)]
pub struct PagerCall {
    /// The route, such as `PUT /incidents/{id}`, or what was called instead of one.
    pub route: String,
    /// The path as it was called.
    pub path: String,
    /// The query.
    pub query: Vec<(String, String)>,
    /// In whose name, as the `From` header says.
    pub from: Option<String>,
    /// What was sent.
    pub body: Value,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(Default)]
pub(super) struct Calls {
    count: usize,
    log: VecDeque<PagerCall>,
}

impl Calls {
    pub(super) fn note(&mut self, call: PagerCall) {
        self.count += 1;
        self.log.push_back(call);
        if self.log.len() > LONGEST {
            self.log.pop_front();
        }
    }

    /// How many more are allowed, and in how many seconds all are again.
    pub(super) fn left(&self, now: DateTime<Utc>) -> (usize, i64) {
        let minute = now - TimeDelta::minutes(1);
        let counted = |it: &&PagerCall| it.at > minute && !it.route.ends_with("/v2/enqueue");
        let recent: Vec<&PagerCall> = self.log.iter().rev().take(PER_MINUTE + 1).filter(counted).collect();
        let oldest = recent.last().map_or(0, |it| 60 - (now - it.at).num_seconds());
        (PER_MINUTE.saturating_sub(recent.len()), oldest.max(1))
    }
}

impl PagerDuty {
    /// The calls of the app, oldest first, those that failed included.
    pub fn calls(&self) -> Vec<PagerCall> {
        self.state().calls.log.iter().cloned().collect()
    }

    /// The calls of a route, such as `PUT /incidents/{id}`.
    pub fn calls_of(&self, route: &str) -> Vec<PagerCall> {
        self.state().calls.log.iter().filter(|it| it.route == route).cloned().collect()
    }

    /// How often the app called, ever.
    pub fn count(&self) -> usize {
        self.state().calls.count
    }
}
