//! GitHub. <https://docs.github.com/en/webhooks/webhook-events-and-payloads>

mod apply;
#[cfg(test)]
mod apply_tests;
#[cfg(test)]
mod beside_tests;
mod check;
mod comment;
mod deployment;
mod diff;
mod event;
mod history;
#[cfg(test)]
mod history_tests;
mod kind;
mod mentions;
#[cfg(test)]
mod model;
mod names;
mod organization;
mod poll;
mod pull;
mod push;
mod receive;
mod repository;
mod review;
#[cfg(test)]
mod samples;
mod settle;
mod wire;

pub(crate) use apply::apply;
pub(crate) use receive::GitHub;

/// Ids of what we read ourselves begin with this; no sender may take one of theirs.
const OURS: &str = "poll:";
