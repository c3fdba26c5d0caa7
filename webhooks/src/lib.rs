//! Events: one is verified, stored and committed before it is acknowledged; then a worker finds out what it means, in the
//! transaction that says so.

mod apply;
mod event;
mod failing;
mod form;
mod github;
mod inbox;
mod pagerduty;
mod receive;
mod scan;
#[cfg(test)]
mod scan_tests;
mod signature;
mod signed;
mod source;
mod worker;
#[cfg(test)]
mod worker_tests;
mod zeros;

use axum::Router;
use console::intake::Budget;
use domain::PgPool;
use secrecy::SecretString;

use github::GitHub;
use inbox::Inbox;
use pagerduty::PagerDuty;
use receive::door;

pub use signed::Signed;
pub use worker::Worker;

/// What the receivers need.
pub struct Parts {
    /// Where events are stored.
    pub db: PgPool,
    /// The budget of all bodies in flight.
    pub budget: Budget,
    /// Secrets that verify GitHub's events; none: there is no such address.
    pub github: Vec<SecretString>,
    /// The same for PagerDuty's.
    pub pagerduty: Vec<SecretString>,
}

/// The address of each sender that is configured: `/webhooks/<its word>`.
pub fn router(parts: Parts) -> Router {
    let inbox = Inbox::new(&parts.db);
    door::<GitHub>(&parts.github, &inbox, &parts.budget).merge(door::<PagerDuty>(
        &parts.pagerduty,
        &inbox,
        &parts.budget,
    ))
}
