//! The front doors: verify, find the person, `answer`, render.

pub mod slack;
pub mod terminal;
