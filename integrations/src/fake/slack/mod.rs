//! Slack as the app sees it: a few methods, response URLs, and people who type and press.

mod blocks;
mod draw;
mod events;
mod exchange;
mod fault;
mod member;
mod methods;
mod mrkdwn;
mod people;
mod respond;
mod rich_text;
mod shapes;
mod state;
#[cfg(test)]
mod tests;
mod transcript;

pub use draw::{Drawing, draw};
pub use exchange::{Exchange, SignedRequest};
pub use member::SlackMember;
pub use state::Slack;
pub use transcript::{APP, Entry, Kind, SLACKBOT, Visibility};

/// Id of the workspace.
pub const TEAM: &str = "T0PIN";

/// Id of the channel in which people type unless told otherwise.
pub const CHANNEL: &str = "C0PIN";
