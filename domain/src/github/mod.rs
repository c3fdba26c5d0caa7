//! What GitHub tells: pull requests, and who must act on them. Moments are GitHub's; what is older never takes the place of what is
//! newer.

mod activity;
pub mod audience;
mod called;
mod change;
mod check_result;
mod deployment;
pub mod handing;
mod history;
mod known;
pub mod list;
mod load;
mod moment;
mod names;
pub mod notice;
mod nudge;
pub mod people;
mod pull_request;
mod push;
pub mod repositories;
pub mod repository;
mod review;
mod review_request;
mod standing;
pub mod team;
pub mod team_member;
mod telling;
pub mod tie;
mod whole;
mod whole_rows;
mod word;

pub use activity::Activity;
pub use audience::{Crew, Player, Somebody};
pub use called::{Called, called};
pub use change::{Change, Happened};
pub use check_result::{CheckResult, Outcome};
pub use deployment::Deployment;
pub use handing::Next;
pub use history::Act;
pub use known::{Known, Target, Told};
pub use load::Load;
pub use moment::{Listed, Moment, Weight};
pub use names::{NamedActor, NamedRepository, NamedTeam, Names};
pub use notice::{Aside, Notice};
pub use nudge::Nudge;
pub use push::Push;
pub use review::Reviewed;
pub use review_request::Asking;
pub use standing::{Standing, Waiting};
pub use telling::{Answer, End, Part, Telling};
pub use whole::{Actor, Checks, PullRequest, Repository, Request, Review, Reviewer, Team, Whole};
pub use word::{Mergeable, State, Verdict};

/// GitHub's word for a program. <https://docs.github.com/en/graphql/reference/objects#bot>
pub(crate) const BOT: &str = "Bot";
