//! Events come in: from the outside, over the wire, into a real database.

mod again;
mod aside;
mod bodies;
mod forgery;
mod github;
mod headers;
mod limits;
mod looks;
mod outage;
mod pager;
mod pagerduty;
mod races;
mod sender;

use sender::{Event, Hook};
