//! Group commit: events that wait are stored together, in one statement and one commit. Whatever waits goes, nothing waits for
//! more, and nobody is answered before the commit.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use console::intake::Whole;
use domain::PgPool;
use domain::delivery::{self, Arrived, Source};
use domain::spare::Spare;
use sqlx::{Connection, Error};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// How many statements are under way at once: while one is being written to the disk, the next one is made.
const COMMITTERS: usize = 3;

/// How many events one statement stores.
const MAX_EVENTS: usize = 64;

/// How many bytes one statement stores, a larger event alone: it is copied for the wire.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// How long an event waits for its turn.
const PATIENCE: Duration = domain::pool::PATIENCE;

/// How long a statement may take. GitHub gives up after ten seconds:
/// <https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks#respond-within-10-seconds>
const COMMIT: Duration = Duration::from_secs(6);

/// The same for the server.
const STATEMENT: &str = "5s";

/// The event could not be stored; its sender should try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Away;

/// Where events are stored.
#[derive(Clone)]
pub(crate) struct Inbox(Arc<Inner>);

struct Inner {
    /// Commands do not wait for events, nor events for commands.
    spare: Spare,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    committers: usize,
}

struct Waiting {
    arrived: Arrived,
    /// Holds the body's part of the budget until it is stored, whoever still waits for that.
    _whole: Whole,
    /// Whether it was taken out of the queue, or given up there.
    claimed: Arc<AtomicBool>,
    told: oneshot::Sender<Result<(), Away>>,
}

impl Inbox {
    /// Over this database.
    pub(crate) fn new(db: &PgPool) -> Self {
        // The server gives up before we do, so that no statement goes on waiting that nobody waits for.
        let spare = Spare::over(db, [("statement_timeout", STATEMENT)]);
        Self(Arc::new(Inner { spare, queue: Mutex::default() }))
    }

    /// Stores an event. Once it is queued it is stored even when nobody waits for that any more.
    pub(crate) async fn store(&self, arrived: Arrived, whole: Whole) -> Result<(), Away> {
        let (told, mut answer) = oneshot::channel();
        let claimed = Arc::new(AtomicBool::new(false));
        self.enqueue(Waiting { arrived, _whole: whole, claimed: claimed.clone(), told });
        if let Ok(answer) = timeout(PATIENCE, &mut answer).await {
            return answer.unwrap_or(Err(Away));
        }
        if !claimed.swap(true, Ordering::AcqRel) {
            tracing::warn!("an event was turned away: others before it are not stored yet");
            return Err(Away);
        }
        timeout(COMMIT, answer).await.map_or(Err(Away), |it| it.unwrap_or(Err(Away)))
    }

    fn enqueue(&self, waiting: Waiting) {
        let mut queue = self.queue();
        queue.waiting.push_back(waiting);
        if queue.committers < COMMITTERS {
            queue.committers += 1;
            // A task of its own: whoever waits may go away in the middle.
            tokio::spawn(Committer { inbox: self.clone(), counted: true }.run());
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of those who store what waits, as long as something does.
struct Committer {
    inbox: Inbox,
    /// Whether it still counts among them.
    counted: bool,
}

impl Drop for Committer {
    fn drop(&mut self) {
        // Only after a panic: another one takes its place then.
        if self.counted {
            self.inbox.queue().committers -= 1;
        }
    }
}

impl Committer {
    async fn run(mut self) {
        while let Some(batch) = self.take() {
            self.settle(batch).await;
        }
    }

    /// Whatever waits, within what one statement may hold. Nothing waits: then it ends, and whoever queues next begins anew.
    fn take(&mut self) -> Option<Vec<Waiting>> {
        let mut queue = self.inbox.queue();
        if queue.waiting.is_empty() {
            queue.committers -= 1;
            drop(queue);
            self.counted = false;
            return None;
        }
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while let Some(next) = queue.waiting.front() {
            bytes += next.arrived.body.len();
            if batch.len() == MAX_EVENTS || (bytes > MAX_BYTES && !batch.is_empty()) {
                break;
            }
            batch.extend(queue.waiting.pop_front().filter(|it| !it.claimed.swap(true, Ordering::AcqRel)));
        }
        Some(batch)
    }

    /// Stores them all, and tells everybody.
    async fn settle(&self, mut batch: Vec<Waiting>) {
        if batch.is_empty() {
            return;
        }
        batch.sort_by(|one, other| one.arrived.external_id.cmp(&other.arrived.external_id));
        let arrived: Vec<&Arrived> = batch.iter().map(|it| &it.arrived).collect();
        let stored = self.write(&arrived).await;
        match stored {
            // One alone is tried again too: it may have met the moment in which its month was made.
            Err(error) if of_a_row(&error) => {
                tracing::warn!(%error, events = batch.len(), "events could not be stored together; each is tried alone");
                for it in batch {
                    let stored = self.write(&[&it.arrived]).await;
                    tell(vec![it], stored);
                }
            }
            stored => tell(batch, stored),
        }
    }

    /// Stores events, where storing twice does no harm.
    async fn write(&self, arrived: &[&Arrived]) -> Result<(), Error> {
        timeout(COMMIT, self.try_write(arrived)).await.unwrap_or(Err(Error::PoolTimedOut))
    }

    async fn try_write(&self, arrived: &[&Arrived]) -> Result<(), Error> {
        let spare = &self.inbox.0.spare;
        loop {
            let mut taken = spare.take().await?;
            let stored = delivery::store(&mut taken.db, arrived).await;
            if arrived.iter().any(|it| it.body.len() > MAX_BYTES) {
                // It would otherwise keep its room here for ever.
                taken.db.shrink_buffers();
            }
            if spare.settle(taken, &stored) {
                return stored.map(|_| ());
            }
        }
    }
}

fn tell(batch: Vec<Waiting>, stored: Result<(), Error>) {
    if stored.is_ok() {
        console::inbox::wake(Source::ALL.into_iter().filter(|it| batch.iter().any(|one| one.arrived.source == *it)));
    }
    if let Err(error) = &stored {
        tracing::error!(%error, events = batch.len(), "events could not be stored: their senders are asked to try again");
    }
    for it in batch {
        // Who no longer waits needs no answer.
        let _ = it.told.send(stored.as_ref().map_or(Err(Away), |()| Ok(())));
    }
}

/// Whether one row may be to blame, rather than the server.
fn of_a_row(error: &Error) -> bool {
    // <https://www.postgresql.org/docs/current/errcodes-appendix.html>: connection, resources, operator, system.
    let server = |code: &str| ["08", "53", "57", "58"].iter().any(|it| code.starts_with(it));
    error.as_database_error().is_some_and(|it| it.code().is_none_or(|it| !server(&it)))
}
