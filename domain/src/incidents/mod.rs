//! What PagerDuty tells: services, who is asked when, and incidents. Moments are PagerDuty's; what is older never takes the place
//! of what is newer.

mod around;
mod assignee;
mod bound;
pub mod errand;
mod gap;
mod gone;
mod group;
mod handover;
mod incident;
mod known;
mod link;
mod log;
mod member;
mod opening;
mod order;
mod override_;
pub mod ping;
mod policy;
mod poll;
mod reading;
mod responder;
mod schedule;
mod service;
mod shift;
mod take_over;
#[cfg(test)]
mod tests;
mod watch;
mod word;
mod write;

pub use around::{Around, Helping, Near, Nearness, Settler, Somebody, Tied, Turn};
pub use assignee::Assignee;
pub use bound::{Bound, Involved};
pub use gap::{Gap, gaps};
pub use group::{Group, Grouped};
pub use handover::Notable;
pub use incident::{Filter, Incident};
pub use known::Known;
pub use log::{LogEntry, Origin};
pub use member::Member;
pub use order::Moment;
pub use override_::Override;
pub use policy::{Level, Policy, Target};
pub use reading::{Part, Reading};
pub use responder::Responder;
pub use schedule::Schedule;
pub use service::Service;
pub use shift::{OnCall, Shift, Which};
pub use watch::{Placed, Watch};
pub use word::{Status, Urgency};
pub use write::{Telling, Written};
