//! One file a subcommand.

pub mod ask;
pub mod bench;
pub mod config_check;
pub mod demo;
pub mod doctor;
pub mod inbox;
pub mod manifest;
pub mod migrate;
mod runtime;
pub mod serve;
pub mod sync;
