//! The program from outside: people ask, systems fail, strangers try.

mod bytes;
mod catalog;
mod clashes;
mod crash;
mod directory;
mod forgery;
mod hostile;
mod outage;
mod patience;
mod people;
mod press;
mod program;
mod questions;
mod shutdown;
mod tokens;
mod usage;
mod words;
