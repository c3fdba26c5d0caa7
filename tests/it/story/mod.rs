//! The program from outside: people ask, systems fail, strangers try.

mod access;
mod acts;
mod bytes;
mod catalog;
mod clashes;
mod crash;
mod directory;
mod forgery;
mod hostile;
mod kept;
mod members;
mod metrics;
mod notifications;
mod outage;
mod output;
mod patience;
mod people;
mod press;
mod program;
mod questions;
mod readiness;
mod shutdown;
mod tokens;
mod usage;
mod words;
