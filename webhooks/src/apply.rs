//! What events mean, sender by sender.

use console::Ctx;
use console::notify::incident::Redraw;
use domain::PgConnection;
use domain::delivery::{Claimed, Source, State};
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::{github, pagerduty};

/// What came of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// What it says is known; these messages are drawn once all events of the transaction are applied.
    Done(Redraw),
    /// It says nothing that we keep.
    Ignored,
    /// It could not be understood: why.
    Unparsed(String),
}

impl Applied {
    /// The state that it leaves an event in, and why; what is to be drawn is added to what is already.
    pub(crate) fn state(self, redraw: &mut Redraw) -> (State, Option<String>) {
        match self {
            Self::Done(more) => {
                redraw.merge(more);
                (State::Applied, None)
            }
            Self::Ignored => (State::Ignored, None),
            Self::Unparsed(why) => (State::Unparsed, Some(why)),
        }
    }
}

/// Writes what an event means, within the caller's transaction, messages to people included. It may run again, after others
/// of its transaction failed or when somebody replays it; so it does nothing but write there, and writes the same each time.
pub(crate) type Projection =
    for<'a> fn(&'a Ctx, &'a mut PgConnection, &'a Claimed) -> BoxFuture<'a, anyhow::Result<Applied>>;

/// Senders whose events are applied. Those of the others wait until a program comes that can.
pub(crate) fn projected() -> impl Iterator<Item = Source> {
    Source::ALL.into_iter().filter(|it| match it {
        Source::Github | Source::Pagerduty => true,
    })
}

/// Applies an event.
pub(crate) fn apply<'a>(
    ctx: &'a Ctx,
    db: &'a mut PgConnection,
    claimed: &'a Claimed,
) -> BoxFuture<'a, anyhow::Result<Applied>> {
    match claimed.source {
        Source::Github => github::apply(ctx, db, claimed).boxed(),
        Source::Pagerduty => pagerduty::apply(ctx, db, claimed).boxed(),
    }
}

/// Locks what events of one sender will change, before the first of them is applied: two replicas whose events touch the same in
/// another order would wait for each other.
pub(crate) async fn prepare(db: &mut PgConnection, source: Source, events: &[Claimed]) -> sqlx::Result<()> {
    match source {
        Source::Github => github::prepare(db, events).await,
        // An event of PagerDuty changes one incident, and of one incident one event is applied at a time.
        Source::Pagerduty => Ok(()),
    }
}
