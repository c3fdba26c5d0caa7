//! What GitHub sends.

mod receive;

pub(crate) use receive::GitHub;
