//! The web view: what can be asked, as pages. Server-rendered, for an anonymous reader, without any script.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may fail"))]

mod answer;
mod at;
mod brief;
mod headers;
mod layout;
mod linked;
mod pages;
mod query;
mod router;
mod sheet;
mod site;
mod style;
#[cfg(test)]
mod testing;
mod visit;

pub use router::{public_router, router};
pub use site::{Help, State};
