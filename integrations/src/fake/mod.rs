//! The outside systems, played on a loopback port for tests, benchmarks and the demo. They hold their own tables of
//! routes and fields and refuse what the vendor would refuse.

pub mod chat;
pub mod github;
pub mod pagerduty;
pub mod slack;
mod world;

pub use world::World;
