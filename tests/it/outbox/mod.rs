//! Messages to people, from the row to Slack, through everything that goes wrong on the way.

mod bundles;
mod edits;
mod faults;
mod post;
mod preferences;
mod program;
mod recipients;
mod replicas;
mod sending;
mod sync;
mod wishes;

pub(crate) use post::Post;
use post::card;
