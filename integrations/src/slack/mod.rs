//! Slack: what it sends us, how that is verified, and the few methods that we call.
//!
//! The calls are our own over reqwest, not slack-morphism's: its connector has no time-outs and its types drop fields
//! that decide who a person is (`is_email_confirmed`) or refuse what Slack may send (a null `team`); its verifier reads
//! the clock by itself.

mod address;
mod blame;
mod chat;
#[cfg(test)]
mod chat_tests;
mod client;
#[cfg(test)]
mod client_tests;
mod command;
mod conversations;
mod error;
mod event;
mod form;
mod guard;
mod interaction;
mod profile;
mod response_url;
mod signature;
#[cfg(test)]
mod signature_tests;
mod submission;
mod team;
mod views;

pub use address::Address;
pub use blame::Blame;
pub use chat::{Place, Post};
pub use client::Client;
pub use command::SlashCommand;
pub use error::SlackError;
pub use event::{Event, EventCallback};
pub use form::Malformed;
pub use interaction::{BlockActions, Container, Interaction, Named, Pressed, Presser};
pub use profile::Profile;
pub use response_url::ResponseUrl;
pub use signature::{Rejected, Signature};
pub use submission::{Submission, Submitted};
pub use team::Team;
pub use views::View;
