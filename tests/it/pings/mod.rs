//! What people are told of incidents, from the event to Slack.

mod direct;
mod races;
mod scene;
mod shown;
mod storms;
mod told;
mod wanted;
mod ways;

use scene::{Event, Scene};
