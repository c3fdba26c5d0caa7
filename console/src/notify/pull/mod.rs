//! What people are told of pull requests: one message a pull request and person, which changes as the pull request does; what is
//! news to them comes as answers to it. A team that is asked has one in its channel. What comes thick and fast comes as one list.

mod around;
mod buttons;
mod cast;
mod channel;
mod channel_draw;
mod channel_news;
mod crew;
mod draw;
mod duty;
mod here;
mod list;
mod news;
mod put;
mod said;
mod seat;
mod tell;
mod wanted;

use crate::pull::words;

pub(crate) use here::{choose, invite, remind};

pub use tell::tell;
