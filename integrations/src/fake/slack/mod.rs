//! Slack as the app sees it: a few methods, response URLs, and people who type and press.

mod blocks;
mod calls;
mod draw;
mod events;
mod exchange;
mod fault;
mod member;
mod messages;
mod methods;
mod modals;
mod mrkdwn;
mod people;
mod respond;
mod rich_text;
mod rooms;
mod shapes;
mod state;
mod submit;
#[cfg(test)]
mod tests;
mod transcript;

pub use calls::Call;
pub use draw::{Drawing, draw, draw_blocks};
pub use exchange::{Exchange, SignedRequest};
pub use fault::{Trouble, When};
pub use member::SlackMember;
pub use modals::Modal;
pub use rooms::SlackChannel;
pub use state::Slack;
pub use transcript::{APP, Entry, Kind, SLACKBOT, Visibility};

/// Id of the workspace.
pub const TEAM: &str = "T0PIN";

/// Id of the channel in which people type unless told otherwise.
pub const CHANNEL: &str = "C0PIN";
