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
        None => std::future::ready(Ok(Vec::new())).boxed(),
        Some(Source::Github) => github::apply(ctx, db, events).boxed(),
        Some(Source::Pagerduty) => one_by_one(ctx, db, events).boxed(),
    }
}

async fn one_by_one(ctx: &Ctx, db: &mut PgConnection, events: &[Claimed]) -> anyhow::Result<Vec<Applied>> {
    let mut applied = Vec::with_capacity(events.len());
    for it in events {
        applied.push(pagerduty::apply(ctx, &mut *db, it).await?);
    }
    Ok(applied)
}
