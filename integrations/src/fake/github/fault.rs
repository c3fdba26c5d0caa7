use std::collections::VecDeque;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::GitHub;
use super::refusal::Refusal;

#[derive(Default)]
pub(super) struct Faults {
    pub(super) delay: Duration,
    /// Questions for more objects than this take too long.
    pub(super) too_heavy: Option<usize>,
    next: VecDeque<Fault>,
}

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// It is refused with this status.
    Fail(StatusCode),
    /// Too much at once.
    Secondary(Duration),
}

impl Faults {
    pub(super) fn take(&mut self) -> Option<Fault> {
        self.next.pop_front()
    }
}

impl Fault {
    /// What is answered instead.
    pub(super) fn answer(self) -> Response {
        match self {
            Self::Fail(status) => Refusal::of(status, "oh no").into_response(),
            Self::Secondary(wait) => {
                let said = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
                let mut answer = Refusal::of(StatusCode::FORBIDDEN, said).into_response();
                answer.headers_mut().insert("retry-after", wait.as_secs().into());
                answer
            }
        }
    }
}

impl GitHub {
    /// Delays every call from now on.
    pub fn slow(&self, delay: Duration) {
        self.state().faults.delay = delay;
    }

    /// Fails the next `count` calls with a status; nothing is done.
    pub fn fail_next(&self, count: usize, status: u16) {
        let status = StatusCode::from_u16(status).expect("a status");
        self.state().faults.next.extend(std::iter::repeat_n(Fault::Fail(status), count));
    }

    /// Says to the next `count` calls that they come too fast.
    pub fn too_fast(&self, count: usize, wait: Duration) {
        self.state().faults.next.extend(std::iter::repeat_n(Fault::Secondary(wait), count));
    }

    /// Lets questions for more objects than this take too long.
    pub fn too_heavy(&self, more_than: usize) {
        self.state().faults.too_heavy = Some(more_than);
    }

    /// Allows so many calls, and points, in an hour that begins now.
    pub fn allow(&self, per_hour: u64) {
        self.tell(|state| {
            state.limits.per_hour = per_hour;
            state.limits.anew();
        });
    }

    /// Lets every token of an installation end now.
    pub fn end_tokens(&self) {
        self.tell(|state| state.tokens.clear());
    }

    /// Says so often that it does not know whether a pull request conflicts, each time its base or head moves.
    pub fn think(&self, times: u32) {
        self.tell(|state| state.thinks = times);
    }

    /// Takes all that was to go wrong back.
    pub fn well_again(&self) {
        self.state().faults = Faults::default();
    }
}
