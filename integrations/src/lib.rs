//! Every outside system, one folder each: its client and its wire types. Only this crate opens connections to others.

mod clock;
#[cfg(feature = "fake")]
pub mod fake;
pub mod files;
pub mod github;
pub mod ldap;
pub mod lenient;
mod pace;
pub mod pagerduty;
mod pause;
pub mod slack;
mod turns;
mod wire;

pub use pace::Pace;
