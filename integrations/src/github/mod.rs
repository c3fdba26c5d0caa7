//! GitHub: what is read of it, and the few calls that we make.
//!
//! As a GitHub App: it says who it is by its private key, and gets a token for each place where it is installed. Lists are
//! read by REST, page by page and only where they changed; pull requests by GraphQL, many at once. The client is our own, as
//! those of the other systems are: what it must keep to (limits that bind every replica, pages that are the same, answers in
//! part, where a GitHub Enterprise has its APIs) is more than what a ready one would take off our hands.

mod address;
mod app;
mod brief;
mod client;
mod delivery;
mod error;
mod graphql;
mod http;
pub(crate) mod key;
mod lenient;
mod limit;
mod list;
pub mod oauth;
mod pulls;
mod pulls_parts;
mod pulls_wire;
mod read;
mod review;
pub mod snapshot;
mod token;

pub use address::Address;
pub use app::App;
pub use brief::{Brief, Pulls};
pub use client::Client;
pub use delivery::{HookDeliveries, HookDelivery, KEPT};
pub use error::GitHubError;
pub use list::Listed;
pub use oauth::{Account, Credentials, OAuth, SignIn};
pub use pulls::ReadPulls;
pub use read::{Installation, Itself, RestActor, RestRepository, RestTeam};
pub use review::{PullReference, Reviewers};
pub use snapshot::Snapshot;
