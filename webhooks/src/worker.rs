//! Applies what waits in the inbox. Every replica has a worker; each event is applied by one of them, in a transaction that
//! also says so.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use chrono::Utc;
use console::{Ctx, inbox, notify};
use domain::PgConnection;
use domain::delivery::{self, Claim, Outcome, Source, State, Taken, Waiting};
use futures::FutureExt;
use futures::future::join_all;
use sqlx::Connection;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::apply::{Projection, apply, projected};
use crate::failing::{ATTEMPTS, again, of_its_room, of_the_database, panicked, words};

/// How events of a sender are taken together: the more go in one transaction, the less each costs.
struct Pace {
    /// So many at the most.
    batch: i64,
    /// While they come faster than they are applied, this long after each transaction for more.
    rest: Duration,
}

impl Pace {
    fn of(source: Source) -> Self {
        match source {
            // They hold what they touch until all are applied, for which others wait; and they are long. Nobody is in a hurry for
            // them, while storing the next ones is.
            Source::Github => Self { batch: 128, rest: Duration::from_millis(100) },
            // Somebody is to be told of an incident.
            Source::Pagerduty => Self { batch: 256, rest: Duration::from_millis(20) },
        }
    }
}

/// How often one looks for what others left and for what is tried again, of all senders at once. Nobody tells us: `listen` would take a
/// connection for itself, and does not come through a pooler.
const LOOK: Duration = Duration::from_secs(1);

/// How long one waits at the most to be told of what waits.
const UNTOLD: Duration = Duration::from_secs(30);

/// How often one looks for what failed and is due again, before anything that came since.
const AGAIN: Duration = Duration::from_millis(200);

/// When an event is tried again for which the database had no room.
const ROOM: Duration = Duration::from_secs(5);

/// How long giving events back may take; their lease runs out anyway.
const GIVING: Duration = Duration::from_secs(3);

/// How long events may take to be applied together.
const PATIENCE: Duration = Duration::from_secs(10);

/// Applies what waits in the inbox.
#[derive(Clone)]
pub struct Worker {
    ctx: Ctx,
    projection: Projection,
}

/// What was applied in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Nothing waits.
    Idle,
    /// One that was tried before.
    Alone,
    /// Whatever waits.
    Together,
    /// The database could apply nothing.
    Away,
}

/// What came of an event, for whoever watches.
type Told = (Source, &'static str, Option<f64>);

impl Worker {
    /// A worker.
    pub fn new(ctx: Ctx) -> Self {
        Self { ctx, projection: apply }
    }

    #[cfg(test)]
    pub(crate) fn with(ctx: Ctx, projection: Projection) -> Self {
        Self { ctx, projection }
    }

    /// Applies until told to stop; then finishes what is under way.
    pub async fn run(self, stop: CancellationToken) {
        // One sender's events do not wait for another's.
        tokio::join!(join_all(projected().map(|source| self.go_on(source, &stop))), self.look(&stop));
    }

    /// Looks for what others left.
    async fn look(&self, stop: &CancellationToken) {
        let sources: Vec<Source> = projected().collect();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(LOOK) => {}
            }
            match delivery::due(&self.ctx.db, &sources).await {
                Ok(waiting) => inbox::wake(waiting),
                Err(error) => tracing::debug!(%error, "the inbox could not be looked at"),
            }
        }
    }

    async fn go_on(&self, source: Source, stop: &CancellationToken) {
        let (mut woken, mut looked) = (inbox::woken(source), None);
        while !stop.is_cancelled() {
            woken.mark_unchanged();
            let turn = self.go_round(source, &mut looked).await;
            let away = matches!(turn, Ok(Turn::Away));
            let rest = match turn {
                Ok(Turn::Together) if woken.has_changed().unwrap_or_default() => Pace::of(source).rest,
                Ok(Turn::Together | Turn::Alone) => continue,
                Ok(Turn::Idle) => UNTOLD,
                Ok(Turn::Away) => LOOK,
                Err(error) => {
                    tracing::debug!(%error, "the inbox could not be read");
                    LOOK
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                _ = woken.changed(), if rest >= LOOK && !away => {}
                () = sleep(rest) => {}
            }
        }
    }

    /// Applies some of what failed before, now and then, and some of whatever waits.
    async fn go_round(&self, source: Source, looked: &mut Option<Instant>) -> sqlx::Result<Turn> {
        if looked.is_some_and(|it| it.elapsed() >= AGAIN) {
            match self.turn(source, Waiting::Again).await? {
                Turn::Idle => *looked = None,
                Turn::Alone | Turn::Together => {}
                Turn::Away => return Ok(Turn::Away),
            }
        }
        let turn = self.turn(source, Waiting::Any).await?;
        match turn {
            // Whatever had failed would have been among it.
            Turn::Idle => *looked = None,
            _ => *looked = looked.or_else(|| Some(Instant::now())),
        }
        Ok(turn)
    }

    /// Applies some of what waits of a sender.
    pub(crate) async fn turn(&self, source: Source, waiting: Waiting) -> sqlx::Result<Turn> {
        let claims = delivery::claim(&self.ctx.db, source, waiting, Pace::of(source).batch).await?;
        if let [claim] = claims.as_slice()
            && claim.attempts > 1
            && !delivery::hold(&self.ctx.db, claim).await?
        {
            return Ok(Turn::Alone);
        }
        Ok(match claims.as_slice() {
            [] => Turn::Idle,
            all if self.settle(source, all).await => Turn::Away,
            // After a replica was killed a whole batch of such waits: no rest between them.
            [claim] if claim.attempts > 1 => Turn::Alone,
            _ => Turn::Together,
        })
    }

    /// Applies events together; where that fails, each alone, so that a bad one takes no other with it. Whether the database could
    /// apply nothing.
    async fn settle(&self, source: Source, claims: &[Claim]) -> bool {
        let applied = match claims {
            // It ends the program, and others with it.
            [claim] if claim.attempts > ATTEMPTS => Err(anyhow!("the program ended each time that it was applied")),
            _ => self.attempt(claims).await,
        };
        let Err(error) = applied else { return false };
        match claims {
            [claim] => self.failed(source, claim, &error).await,
            _ if of_the_database(&error) && !of_its_room(&error) => {
                tracing::debug!(?error, events = claims.len(), "events could not be applied: the database is away");
                true
            }
            _ => {
                tracing::debug!(
                    ?error,
                    events = claims.len(),
                    "events could not be applied together; each is tried alone"
                );
                self.each(source, claims).await
            }
        }
    }

    /// Applies each alone. What is about the same as one that fails waits until that one was applied, or was set aside; so it does for
    /// one that is not ours any more, since whoever has it now may not be done with it.
    pub(crate) async fn each(&self, source: Source, claims: &[Claim]) -> bool {
        let (mut stopped, mut left, mut away) = (HashSet::new(), Vec::new(), false);
        for claim in claims {
            if away || claim.subject.as_ref().is_some_and(|it| stopped.contains(it)) {
                left.push(claim);
                continue;
            }
            match self.attempt(std::slice::from_ref(claim)).await {
                Ok(true) => continue,
                Ok(false) => left.push(claim),
                Err(error) => away = self.failed(source, claim, &error).await,
            }
            stopped.extend(&claim.subject);
        }
        self.give_back(&left, None).await;
        away
    }

    /// Gives back what was claimed and is not to count as tried.
    async fn give_back(&self, claims: &[&Claim], after: Option<Duration>) {
        if claims.is_empty() {
            return;
        }
        if !matches!(timeout(GIVING, delivery::release(&self.ctx.db, claims, after)).await, Ok(Ok(()))) {
            tracing::debug!(events = claims.len(), "events could not be given back: their lease runs out");
        }
    }

    /// Applies events in one transaction; nothing of it is left where one of them fails, or panics. Whether all were still ours.
    async fn attempt(&self, claims: &[Claim]) -> anyhow::Result<bool> {
        let mut connection = self.ctx.db.acquire().await?;
        let applying = AssertUnwindSafe(self.transact(&mut connection, claims)).catch_unwind();
        let (told, whole) = match timeout(PATIENCE, applying).await {
            Ok(Ok(done)) => done?,
            interrupted => {
                // In the middle of a statement, perhaps: this connection is of no more use.
                connection.close_on_drop();
                let Ok(Err(panic)) = interrupted else { anyhow::bail!("it took longer than {PATIENCE:?}") };
                return Err(panicked(&*panic));
            }
        };
        drop(connection);
        notify::wake_once();
        told.into_iter().for_each(count);
        Ok(whole)
    }

    async fn transact(&self, connection: &mut PgConnection, claims: &[Claim]) -> anyhow::Result<(Vec<Told>, bool)> {
        let mut transaction = connection.begin().await?;
        match self.write(&mut transaction, claims).await {
            Ok(done) => transaction.commit().await.map(|()| done).map_err(anyhow::Error::new),
            Err(error) => {
                // Now, rather than when the connection is used again: what follows takes the same events.
                let _ = transaction.rollback().await;
                Err(error)
            }
        }
    }

    async fn write(&self, db: &mut PgConnection, claims: &[Claim]) -> anyhow::Result<(Vec<Told>, bool)> {
        let Taken { events, bare, behind } = delivery::take(&mut *db, claims).await?;
        let whole = events.len() + bare.len() == claims.len();
        let gone = |id| Outcome { id, state: State::Dead, error: Some("its bytes are no longer kept".into()) };
        let mut outcomes: Vec<Outcome> = bare.into_iter().map(gone).collect();
        let applied = (self.projection)(&self.ctx, &mut *db, &events).await?;
        anyhow::ensure!(applied.len() == events.len(), "it is not said what came of each event");
        let mut told = Vec::new();
        for (it, applied) in events.iter().zip(applied) {
            let (state, error) = applied.state();
            let seconds = (Utc::now() - it.received_at).as_seconds_f64().max(0.0);
            told.push((it.source, state.as_str(), Some(seconds)));
            outcomes.push(Outcome { id: it.id, state, error });
        }
        delivery::finish(&mut *db, &outcomes).await?;
        notify::set_aside(&mut *db, &missing(&outcomes)).await?;
        let behind: Vec<&Claim> = claims.iter().filter(|it| behind.contains(&it.id)).collect();
        if !behind.is_empty() {
            delivery::release(&mut *db, &behind, None).await?;
        }
        Ok((told, whole))
    }

    /// Records that applying an event failed, where that is its fault and not the database's, which it says.
    async fn failed(&self, source: Source, claim: &Claim, error: &anyhow::Error) -> bool {
        if of_the_database(error) {
            tracing::debug!(?error, "an event could not be applied: the database is away, or has no room");
            if of_its_room(error) {
                self.give_back(&[claim], Some(ROOM)).await;
                return false;
            }
            // Its lease runs out, and it is tried again then. That counts, since it may be what ends the database.
            return true;
        }
        let again = again(claim.attempts);
        match self.record(claim, &words(error), again).await {
            Ok(true) if again.is_none() => {
                tracing::error!(event = %claim.id, ?error, "an event was set aside: applying it failed too often");
                count((source, "dead", None));
            }
            Ok(true) => {
                tracing::warn!(event = %claim.id, ?error, "an event could not be applied; it is tried again");
                count((source, "retried", None));
            }
            Ok(false) => tracing::info!(event = %claim.id, "another replica has taken over an event"),
            Err(error) => tracing::debug!(%error, "a failure could not be recorded"),
        }
        false
    }

    /// Writes down a failure; where the event is set aside by it, the administrators are told in the same transaction.
    async fn record(&self, claim: &Claim, error: &str, again: Option<Duration>) -> sqlx::Result<bool> {
        let mut transaction = self.ctx.db.begin().await?;
        let recorded = delivery::fail(&mut *transaction, claim, error, again).await?;
        let set_aside = recorded && again.is_none();
        if set_aside {
            notify::set_aside(&mut transaction, &[claim.id]).await?;
        }
        transaction.commit().await?;
        if set_aside {
            notify::wake_once();
        }
        Ok(recorded)
    }
}

/// Those of which nothing is known until somebody acts.
fn missing(outcomes: &[Outcome]) -> Vec<Uuid> {
    let of = |it: &&Outcome| matches!(it.state, State::Dead | State::Unparsed);
    outcomes.iter().filter(of).map(|it| it.id).collect()
}

fn count((source, outcome, seconds): Told) {
    metrics::counter!("pinconsole_events_total", "source" => source.as_str(), "outcome" => outcome).increment(1);
    if let Some(seconds) = seconds {
        metrics::histogram!("pinconsole_event_apply_seconds", "source" => source.as_str()).record(seconds);
    }
}
