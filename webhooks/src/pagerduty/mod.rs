//! PagerDuty. <https://developer.pagerduty.com/docs/webhooks-overview>

mod apply;
#[cfg(test)]
mod apply_tests;
mod change;
mod event;
#[cfg(test)]
mod history_tests;
mod matter;
mod other;
mod poll;
mod receive;
mod state;
mod wave;

pub(crate) use apply::apply;
pub(crate) use receive::PagerDuty;

/// Ids of what we read ourselves begin with this; no sender may take one of theirs.
const OURS: &str = "poll:";
