//! The `pinconsole` program: wiring only.

#![expect(unreachable_pub, reason = "nothing lies outside a program: `pub` is for its other files")]

mod app;
mod bench;
mod cli;
mod commands;
mod config;
mod deadlines;
mod drawing;
mod environment;
mod head;
mod jobs;
mod lines;
mod listen;
mod logging;
mod metrics;
mod pretty;
mod secret;

use std::process::ExitCode;

use clap::Parser;

/// An answer is many small values that live for a moment; this allocator hands them out in half the time of the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The allocator asks the system for pages of 2 MB, of which a heap as small as this one uses a part: they were a quarter of what an
    // idle server held. Where the system cannot do without, nothing is lost but memory.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(true);
    // The one TLS provider of the program, before anything can build a client.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match cli::Cli::try_parse() {
        Ok(cli) => cli.run(),
        Err(error) => cli::explain(&error),
    }
}
