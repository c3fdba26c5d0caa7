//! What people look at, shared by every front door: one file a subject, each load → view → card.

pub mod access;
pub mod act;
mod administrators;
mod ask;
pub mod audit;
mod batch;
pub mod can;
mod ctx;
pub mod entity;
pub mod errand;
mod failure;
pub mod freshness;
pub mod gauges;
pub mod identity;
pub mod inbox;
pub mod incident;
pub mod intake;
pub mod jobs;
mod kept;
pub mod link;
pub mod member;
pub mod mentions;
pub mod notify;
pub mod outbox;
pub mod owns;
pub mod pagerduty;
mod paging;
pub mod person;
mod request_id;
pub mod search;
pub mod status;
pub mod team;
mod told;
pub mod usage;
pub mod whoami;
mod words;

pub use domain::reference::EntityRef;

pub use administrators::Administrators;
pub use ask::Asks;
pub use ctx::Ctx;
pub use failure::{Failure, Reply, UserError};
pub use paging::PAGE;
pub use request_id::RequestId;
pub use told::{State, Told};
