//! Receivers of events: an event is verified, stored and committed before it is acknowledged. What it means is found out later.

mod event;
mod form;
mod github;
mod inbox;
mod receive;
mod scan;
#[cfg(test)]
mod scan_tests;
mod signature;
mod signed;
mod source;

use axum::Router;
use console::intake::Budget;
use domain::PgPool;
use secrecy::SecretString;

use github::GitHub;
use inbox::Inbox;
use receive::door;

pub use signed::Signed;

/// What the receivers need.
pub struct Parts {
    /// Where events are stored.
    pub db: PgPool,
    /// The budget of all bodies in flight.
    pub budget: Budget,
    /// Secrets that verify GitHub's events; none: there is no such address.
    pub github: Vec<SecretString>,
}

/// The address of each sender that is configured: `/webhooks/<its word>`.
pub fn router(parts: Parts) -> Router {
    let inbox = Inbox::new(&parts.db);
    door::<GitHub>(&parts.github, &inbox, &parts.budget)
}
