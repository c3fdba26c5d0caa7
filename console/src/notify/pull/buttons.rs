//! What can be pressed on a message about a pull request.

use cards::Action;
use domain::PgConnection;
use domain::github::{State, Whole};

use super::seat::{Seat, Whom};
use crate::act::{self, PullWork};

/// Every button, drawn once for all who get a message of an event.
#[derive(Default)]
pub(super) struct Buttons(Vec<(PullWork, Action)>);

impl Buttons {
    pub(super) async fn of(db: &mut PgConnection, whole: &Whole) -> sqlx::Result<Self> {
        if whole.pull_request.state != State::Open {
            return Ok(Self::default());
        }
        Ok(Self(act::pull::drawn(db, whole).await?))
    }

    /// Those of use to whoever a message is for.
    pub(super) fn on(&self, whole: &Whole, seat: &Seat) -> Vec<Action> {
        let Whom::Person(reader) = &seat.whom else { return Vec::new() };
        let wrote = reader.wrote(whole);
        let use_ = |work: PullWork| match work {
            PullWork::Nudge => wrote && act::pull::waits_for_reviewers(whole),
            PullWork::Snooze => seat.notice.snoozed_at.is_none(),
            PullWork::Pass => !wrote && seat.is_asked(whole) && seat.notice.passed_at.is_none(),
        };
        self.0.iter().filter(|it| use_(it.0)).map(|it| it.1.clone()).collect()
    }
}
