//! Whether the database can be worked with, asked beside the pool: work that has taken every connection is no fault.

use std::sync::{Arc, Mutex, PoisonError};

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::OnceCell;

use crate::pool::{PATIENCE, missing};

/// Asks by one connection of its own, which it keeps; all who ask meanwhile get the same answer.
pub struct Readiness {
    options: Arc<PgConnectOptions>,
    kept: Mutex<Option<PgConnection>>,
    asking: Mutex<Arc<OnceCell<Result<(), String>>>>,
}

impl Readiness {
    /// Whether the database of this pool can be worked with.
    pub fn of(db: &PgPool) -> Self {
        Self { options: db.connect_options(), kept: Mutex::default(), asking: Mutex::default() }
    }

    /// What is missing, if anything is; within two seconds, however silent the database is.
    pub async fn ask(&self) -> Result<(), String> {
        let asking = {
            let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
            if asking.initialized() {
                *asking = Arc::default();
            }
            asking.clone()
        };
        match tokio::time::timeout(PATIENCE, asking.get_or_init(|| self.examine())).await {
            Ok(found) => found.clone(),
            Err(_) => Err(SILENT.into()),
        }
    }

    async fn examine(&self) -> Result<(), String> {
        // Who is cut off here drops the connection with it: one that hangs is not asked twice.
        let kept = self.kept().take();
        if let Some(kept) = kept
            && let Ok(found) = self.examine_by(kept).await
        {
            return found;
        }
        let connection = PgConnection::connect_with(&self.options).await.map_err(|it| reason(&it))?;
        self.examine_by(connection).await.map_err(|it| reason(&it))?
    }

    async fn examine_by(&self, mut connection: PgConnection) -> sqlx::Result<Result<(), String>> {
        let missing = missing(&mut connection).await?;
        *self.kept() = Some(connection);
        Ok(missing.map_or(Ok(()), Err))
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<PgConnection>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const SILENT: &str = "the database does not answer";

/// In words that anybody may read: they hold no address and no name.
fn reason(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(_) => "the database refuses us: `pinconsole doctor` says why".into(),
        _ => SILENT.into(),
    }
}
