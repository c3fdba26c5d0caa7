//! The real program, driven from outside: its commands, its servers, the people who type, and what they see.

mod clock;
mod console;
mod database;
mod forge;
mod harmless;
mod office;
mod org;
mod page;
mod program;
mod raw;
mod tunnel;
mod wait;

pub(crate) use clock::Clocks;
pub(crate) use console::Console;
pub(crate) use database::{address, scalar};
pub(crate) use forge::{forged, signed};
pub(crate) use harmless::harmless;
pub(crate) use office::{Office, answered, buttons, messages, said};
pub(crate) use org::{company, people, reading};
pub(crate) use page::{Page, facts, get, squeezed};
pub(crate) use program::{Ended, Program, steady};
pub(crate) use raw::raw;
pub(crate) use tunnel::Tunnel;
pub(crate) use wait::{PATIENCE, until};
