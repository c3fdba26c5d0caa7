use std::collections::VecDeque;
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::stream;

use super::PagerDuty;
use super::refusal::Refusal;

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// Nothing.
    Well,
    /// It is refused with this status, and nothing is done.
    Fail(StatusCode),
    /// Fewer calls are wanted.
    Limited(Duration),
    /// The connection breaks, and nothing is done.
    Lost,
    /// It is done, but the connection breaks before that is said.
    Broken,
    /// It is done, but nothing is said.
    Silent,
}

#[derive(Default)]
pub(super) struct Faults {
    pub(super) delay: Duration,
    next: VecDeque<Fault>,
}

impl Faults {
    pub(super) fn take(&mut self) -> Option<Fault> {
        self.next.pop_front()
    }
}

impl Fault {
    /// The answer of a call that does nothing.
    pub(super) fn before(self) -> Option<Response> {
        match self {
            Self::Fail(status) => Some((status, "oh no").into_response()),
            Self::Limited(wait) => {
                let headers = [("ratelimit-limit", "960".to_string()), ("ratelimit-remaining", "0".into())];
                let reset = [("ratelimit-reset", wait.as_secs().to_string())];
                Some((headers, reset, Refusal::limited()).into_response())
            }
            Self::Lost => Some(broken()),
            Self::Well | Self::Broken | Self::Silent => None,
        }
    }

    /// What comes instead of the answer of a call that did what it should.
    pub(super) async fn after(self) -> Option<Response> {
        match self {
            Self::Well | Self::Fail(_) | Self::Limited(_) | Self::Lost => None,
            Self::Broken => Some(broken()),
            Self::Silent => std::future::pending().await,
        }
    }
}

/// An answer of which nothing arrives.
fn broken() -> Response {
    let broken = stream::once(async { Err::<Vec<u8>, _>(std::io::Error::other("reset")) });
    Body::from_stream(broken).into_response()
}

impl PagerDuty {
    /// Delays every call from now on.
    pub fn slow(&self, delay: Duration) {
        self.state().faults.delay = delay;
    }

    /// Fails the next `count` calls with a status; nothing is done.
    pub fn fail_next(&self, count: usize, status: u16) {
        let status = StatusCode::from_u16(status).expect("a status");
        self.fault(count, Fault::Fail(status));
    }

    /// Answers so many calls well before the next one that goes wrong.
    pub fn well_next(&self, count: usize) {
        self.fault(count, Fault::Well);
    }

    /// Answers the next `count` calls with status 429.
    pub fn limit(&self, count: usize, wait: Duration) {
        self.fault(count, Fault::Limited(wait));
    }

    /// Breaks the connection of the next `count` calls, and does nothing of what they ask.
    pub fn lost(&self, count: usize) {
        self.fault(count, Fault::Lost);
    }

    /// Does what the next `count` calls ask, but breaks the connection before saying so.
    pub fn ambiguous(&self, count: usize) {
        self.fault(count, Fault::Broken);
    }

    /// Does what the next `count` calls ask, and never says so.
    pub fn silent(&self, count: usize) {
        self.fault(count, Fault::Silent);
    }

    /// Takes all that was to go wrong back.
    pub fn well_again(&self) {
        self.state().faults = Faults::default();
    }

    /// Lets this happen just before the app's next change of an incident is looked at.
    pub fn race(&self, happens: impl FnOnce(&PagerDuty) + Send + 'static) {
        self.state().races.push_back(Box::new(happens));
    }

    fn fault(&self, count: usize, fault: Fault) {
        self.state().faults.next.extend((0..count).map(|_| fault));
    }
}
