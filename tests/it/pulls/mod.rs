//! What people are told of pull requests, from what happened to Slack.

mod acts;
mod authors;
mod channels;
mod own;
mod quiet;
mod reviewers;
mod scene;
mod shown;
mod storms;
mod teams;
mod typed;
mod wire;

use scene::{ADA, BOT, GRACE, LIN, STRANGER, Scene};
