//! One file a subcommand.

pub mod ask;
pub mod audit;
mod bar;
pub mod bench;
pub mod config_check;
pub mod demo;
mod demo_github;
mod demo_pagerduty;
pub mod doctor;
mod doctor_github;
mod doctor_pagerduty;
pub mod health;
pub mod inbox;
mod inbox_again;
pub mod jobs;
pub mod manifest;
pub mod migrate;
pub mod notify;
mod operator;
pub mod outbox;
pub mod policy_check;
mod runtime;
pub mod serve;
pub mod sync;
