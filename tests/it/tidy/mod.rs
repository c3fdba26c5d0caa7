//! What holds of the repository itself: the invariants of `ARCHITECTURE.md`, and that documents say what the code does.
//!
//! Each rule is a function that names what breaks it, shown first on a sample that does.

mod access;
mod commands;
mod configuration;
mod documents;
mod edges;
mod environment;
mod licences;
mod locked;
mod metadata;
pub(crate) mod metrics;
mod offers;
mod places;
mod program;
mod repository;
mod rules;
mod rust;
mod shape;

/// Fails with everything that breaks a rule.
fn none(broken: Vec<String>) {
    assert!(broken.is_empty(), "\n  {}\n", broken.join("\n  "));
}
