//! What events mean, sender by sender.

use console::Ctx;
use domain::PgConnection;
use domain::delivery::{Claimed, Source, State};
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::{github, pagerduty};

/// What came of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// What it says is known.
    Done,
    /// It says nothing that we keep.
    Ignored,
    /// It could not be understood: why.
    Unparsed(String),
}

impl Applied {
    /// The state that it leaves an event in, and why.
    pub(crate) fn state(self) -> (State, Option<String>) {
        match self {
            Self::Done => (State::Applied, None),
            Self::Ignored => (State::Ignored, None),
            Self::Unparsed(why) => (State::Unparsed, Some(why)),
        }
    }
}

/// Writes what events of one sender mean, in this order and within the caller's transaction, messages to people included; what came of
/// each. It may run again, after one of them failed or when somebody replays it; so it does nothing but write there, and writes the
/// same each time.
pub(crate) type Projection =
    for<'a> fn(&'a Ctx, &'a mut PgConnection, &'a [Claimed]) -> BoxFuture<'a, anyhow::Result<Vec<Applied>>>;

/// Senders whose events are applied. Those of the others wait until a program comes that can.
pub(crate) fn projected() -> impl Iterator<Item = Source> {
    Source::ALL.into_iter().filter(|it| match it {
        Source::Github | Source::Pagerduty => true,
    })
}

/// Applies events of one sender.
pub(crate) fn apply<'a>(
    ctx: &'a Ctx,
    db: &'a mut PgConnection,
    events: &'a [Claimed],
) -> BoxFuture<'a, anyhow::Result<Vec<Applied>>> {
    match events.first().map(|it| it.source) {
        None => async { Ok(Vec::new()) }.boxed(),
        Some(Source::Github) => github::apply(ctx, db, events).boxed(),
        Some(Source::Pagerduty) => pagerduty::apply(ctx, db, events).boxed(),
    }
}
