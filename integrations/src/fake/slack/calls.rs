use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Slack;
use super::fault::Fault;

/// Older calls are forgotten, but stay counted.
const LONGEST: usize = 50_000;

/// A call of the app.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method, or `response` for response URLs.
    pub method: String,
    /// When it came.
    pub at: DateTime<Utc>,
    /// How long Slack asked to wait instead of doing it.
    pub retry_after: Option<Duration>,
    arguments: Vec<(String, String)>,
}

impl Call {
    /// An argument, empty where it is missing; what is drawn is not kept.
    pub fn text(&self, name: &str) -> &str {
        self.arguments.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }
}

/// Every call of the app.
#[derive(Default)]
pub(super) struct Calls {
    counts: HashMap<String, usize>,
    log: VecDeque<Call>,
}

impl Calls {
    pub(super) fn note(&mut self, method: &str, form: &[(String, String)], at: DateTime<Utc>, fault: Option<Fault>) {
        *self.counts.entry(method.into()).or_default() += 1;
        let kept = form.iter().filter(|it| it.0 != "blocks" && it.0 != "token");
        let retry_after = fault.and_then(|it| it.retry_after());
        self.log.push_back(Call { method: method.into(), at, retry_after, arguments: kept.cloned().collect() });
        if self.log.len() > LONGEST {
            self.log.pop_front();
        }
    }
}

impl Slack {
    /// How often a method was called, or `response` for response URLs, faults included.
    pub fn calls(&self, method: &str) -> usize {
        self.state().calls.counts.get(method).copied().unwrap_or_default()
    }

    /// The calls of a method, oldest first.
    pub fn log(&self, method: &str) -> Vec<Call> {
        self.state().calls.log.iter().filter(|it| it.method == method).cloned().collect()
    }
}
