//! GitHub as the app sees it: REST and GraphQL over some organizations, webhooks that are signed and sent once, the list of those
//! that failed, and signing in.

mod calls;
mod cost;
mod fault;
mod graphql;
mod hook;
mod http;
mod jwt;
mod limits;
mod morning;
mod oauth;
mod payload;
mod play;
mod query;
mod record;
mod refusal;
mod rest;
mod schema;
mod state;
#[cfg(test)]
mod tests;
mod told;

pub use calls::GitHubCall;
pub use hook::Sent;
pub use morning::{Does, Morning, Opened, Pull, Step};
pub use state::GitHub;
