//! One file a subcommand.

pub mod ask;
pub mod bench;
pub mod config_check;
pub mod demo;
pub mod doctor;
pub mod manifest;
pub mod migrate;
pub mod outbox;
mod runtime;
pub mod serve;
pub mod sync;
