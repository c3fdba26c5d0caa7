//! What PagerDuty tells, in our own terms: shared by whoever applies its events and whoever reads its API.

mod incident;
mod log;
mod service;
mod synthetic;

pub use incident::{State, named, status, urgency};
pub use log::{Log, entries};
pub use service::service;
pub use synthetic::{What, delivery};
