//! Connections of one's own.

use std::sync::{Mutex, MutexGuard, PoisonError};

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Error, PgConnection, PgPool};
use tokio::time::timeout;

use crate::pool::PATIENCE;

/// Connections beside the pool, for short statements that run all the time: nobody waits for them behind something else, and
/// no connection is asked after each use whether it lives, as the pool does, which would double the round trips.
pub struct Spare {
    options: PgConnectOptions,
    idle: Mutex<Vec<PgConnection>>,
}

impl Spare {
    /// Over the same database, with these settings besides; connects when first used.
    pub fn over<const N: usize>(db: &PgPool, settings: [(&str, &str); N]) -> Self {
        let options = db.connect_options().as_ref().clone().options(settings);
        Self { options, idle: Mutex::default() }
    }

    /// One of them; a new one where all are used.
    pub async fn take(&self) -> sqlx::Result<Taken> {
        let idle = self.idle().pop();
        if let Some(db) = idle {
            return Ok(Taken { db, new: false });
        }
        let connecting = timeout(PATIENCE, PgConnection::connect_with(&self.options));
        Ok(Taken { db: connecting.await.unwrap_or(Err(Error::PoolTimedOut))?, new: true })
    }

    /// Gives one back, with what was done on it; one that is dropped instead ends with whatever is under way. Says whether that
    /// was all: where a connection had been lost before it was taken, the same should be done again on the next one.
    pub fn settle<T>(&self, taken: Taken, done: &sqlx::Result<T>) -> bool {
        if !done.as_ref().is_err_and(lost) {
            self.idle().push(taken.db);
            return true;
        }
        // The others have not been used since, so they are likely lost as well.
        self.idle().clear();
        taken.new
    }

    fn idle(&self) -> MutexGuard<'_, Vec<PgConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection for one statement.
pub struct Taken {
    /// The connection.
    pub db: PgConnection,
    new: bool,
}

fn lost(error: &Error) -> bool {
    matches!(error, Error::Io(_) | Error::Protocol(_) | Error::WorkerCrashed)
}
