//! A managed Postgres: a real server from the binaries on this machine, in a folder of the program's own, reached
//! through a Unix socket only, run by an unprivileged user, and stopped with the program that started it.

mod account;
mod binaries;
mod home;
mod initdb;
mod log;
mod process;
mod server;
mod socket;
mod stale;
mod wire;

pub use binaries::{Binaries, Missing, OLDEST_MAJOR};
pub use server::{Options, Server, USER};
