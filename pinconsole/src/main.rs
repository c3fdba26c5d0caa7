//! The `pinconsole` program: wiring only.

mod app;
mod cli;
mod commands;
mod config;
mod environment;
mod listen;
mod logging;
mod secret;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // The one TLS provider of the program, before anything can build a client.
    let _ = rustls::crypto::ring::default_provider().install_default();
    cli::Cli::parse().run()
}
