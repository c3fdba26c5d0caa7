//! PagerDuty as the app sees it: the REST API and the Events API over one account, and webhooks that are signed, retried
//! and given up as PagerDuty does it.

mod calls;
mod change;
mod company;
mod deed;
mod doing;
mod enqueue;
mod events;
mod fault;
mod http;
mod incident;
mod incidents;
mod lists;
mod oncall;
mod overrides;
mod page;
mod play;
mod push;
mod refusal;
mod routes;
mod stage;
mod state;
mod subscriptions;
#[cfg(test)]
mod tests;

pub use calls::PagerCall;
pub use company::{
    Company, Level, PagerPolicy, PagerPriority, PagerSchedule, PagerService, PagerUser, Rotation, Shift,
};
pub use push::Attempt;
pub use stage::{Ailing, Scene};
pub use state::PagerDuty;
