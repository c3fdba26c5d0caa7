//! Everything is killed at any moment, and what was promised is counted: nothing acknowledged is lost, nothing is stored
//! or done twice.
//!
//! `make test` runs a small storm; `make faults` the large one.

mod acts;
mod applied;
mod deliveries;
mod ground;
mod messages;
mod pager;
mod pages;
mod pauses;
mod size;
mod slack;
mod tally;
mod ticks;

use ground::Ground;
use size::Size;
use tally::Tally;
