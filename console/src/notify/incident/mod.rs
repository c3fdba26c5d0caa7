//! What people are told of incidents: one message in the channel of whoever owns what broke, and one to each who is asked.
//! Both change as the incident does; what happened lies in the channel's thread. In a storm one message tells of many.

mod direct;
mod draw;
mod drawing;
mod fold;
mod folding;
mod log;
mod open;
mod put;
mod rules;
mod seats;
mod tell;
mod views;
mod ways;

pub(super) use ways::channel;

pub use rules::Rules;
pub use tell::{Change, tell};
