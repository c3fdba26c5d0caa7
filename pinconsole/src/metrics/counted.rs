//! Counting answers. Each looks up its figures here, since making their names and labels anew takes longer than counting.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};
use std::time::Duration;

use metrics::{Counter, Histogram, counter, histogram};

/// The figures of each route.
static ROUTES: LazyLock<RwLock<HashMap<String, Figures>>> = LazyLock::new(RwLock::default);

/// The figures of one route.
struct Figures {
    took: Histogram,
    answers: Vec<(&'static str, u16, Counter)>,
}

impl Figures {
    fn count(&self, method: &'static str, status: u16, took: Duration) -> Option<()> {
        let (.., answers) = self.answers.iter().find(|it| (it.0, it.1) == (method, status))?;
        answers.increment(1);
        self.took.record(took);
        Some(())
    }
}

/// Counts an answer of this route to a method, one of few words.
pub fn answer(route: &str, method: &'static str, status: u16, took: Duration) {
    let known = ROUTES.read().unwrap_or_else(PoisonError::into_inner);
    if known.get(route).and_then(|it| it.count(method, status, took)).is_some() {
        return;
    }
    drop(known);
    let mut known = ROUTES.write().unwrap_or_else(PoisonError::into_inner);
    let figures = known.entry(route.to_string()).or_insert_with(|| Figures {
        took: histogram!("pinconsole_http_request_duration_seconds", "route" => route.to_string()),
        answers: Vec::new(),
    });
    let (labelled, answered) = (route.to_string(), status.to_string());
    let answers = counter!(
        "pinconsole_http_requests_total", "route" => labelled, "method" => method, "status" => answered,
    );
    figures.answers.push((method, status, answers));
    // Somebody else may have been here in between; both entries count to the same figure.
    let _ = figures.count(method, status, took);
}
