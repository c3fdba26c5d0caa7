//! What PinConsole does by itself: one file a job, and what makes each run happen once whatever the number of replicas.

mod config;
pub mod cron;
mod due;
mod here;
pub mod jobs;
mod run;
mod runner;

pub use config::Config;
pub use due::{CatchUp, Overlap, Policy};
pub use here::Here;
pub use runner::Runner;
