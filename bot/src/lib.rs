//! A command is a road from a request to a card: the grammar, one file a command, `answer`, and the front doors.

mod answer;
mod command;
pub mod commands;
pub mod fronts;
pub mod help;
mod split;
mod tell;

pub use answer::{Answer, Outcome, Request, answer};
pub use command::Command;
