//! What GitHub tells: pull requests, and who must act on them. Moments are GitHub's; what is older never takes the place of what is
//! newer.

pub mod audience;
mod change;
pub mod handing;
pub mod notice;
mod nudge;
pub mod people;
mod standing;
mod whole;
mod whole_rows;
mod word;

pub use audience::{Crew, Player, Somebody};
pub use change::{Change, Happened};
pub use handing::Next;
pub use notice::{Aside, Notice};
pub use nudge::Nudge;
pub use standing::{Standing, Waiting};
pub use whole::{Actor, Checks, PullRequest, Repository, Request, Review, Reviewer, Team, Whole};
pub use word::{Mergeable, State, Verdict};

/// GitHub's word for a program. <https://docs.github.com/en/graphql/reference/objects#bot>
pub(crate) const BOT: &str = "Bot";
