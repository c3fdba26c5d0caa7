//! PagerDuty tells, and is read: from the wire into our tables.

mod feed;
mod ground;
mod poll;
mod stories;

use ground::{CHANNEL, Ground};
