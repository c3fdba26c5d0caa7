//! What GitHub tells: pull requests, and who must act on them. Moments are GitHub's; what is older never takes the place of what is
//! newer.

mod change;
pub mod people;
mod standing;
pub mod tie;
mod whole;
mod whole_rows;
mod word;

pub use change::{Change, Happened};
pub use standing::{Standing, Waiting};
pub use whole::{Actor, Checks, PullRequest, Repository, Request, Review, Reviewer, Team, Whole};
pub use word::{Mergeable, State, Verdict};
