use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::PgPool;
use domain::pace::{self, Quota};
use integrations::Pace;

/// The pauses that others asked for and the turns that we took, in the database, so that they bind every replica. Where the database does not answer,
/// each process still keeps its own.
pub struct SharedPace(pub PgPool);

#[async_trait]
impl Pace for SharedPace {
    async fn rest(&self, method: &'static str) -> Option<Duration> {
        match pace::rest(&self.0, method).await {
            Ok(rest) => rest,
            Err(error) => {
                tracing::debug!(%error, method, "pauses could not be looked up");
                None
            }
        }
    }

    async fn hold(&self, method: &'static str, wait: Duration) {
        if let Err(error) = pace::hold(&self.0, method, wait).await {
            tracing::warn!(%error, method, "a pause could not be told to other replicas yet");
            tokio::spawn(told_later(self.0.clone(), method, Instant::now() + wait));
        }
    }

    async fn turn(&self, quota: &Quota) -> Option<Duration> {
        match pace::turn(&self.0, quota).await {
            Ok(rest) => rest,
            Err(error) => {
                tracing::debug!(%error, quota = quota.name, "a turn could not be taken");
                None
            }
        }
    }
}

/// How often one tries to tell a pause while the database is away.
const AGAIN: Duration = Duration::from_millis(200);

/// Tells a pause as soon as the database is back, if it is not over by then.
async fn told_later(db: PgPool, method: &'static str, until: Instant) {
    loop {
        tokio::time::sleep(AGAIN).await;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || pace::hold(&db, method, left).await.is_ok() {
            return;
        }
    }
}
