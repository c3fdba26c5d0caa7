//! The head of the audit goes to the log, where whoever cuts the audit's tail cannot reach it.

use std::time::Duration;

use domain::PgPool;
use domain::audit_chain::Head;
use tokio_util::sync::CancellationToken;

/// How often it is told.
const PACE: Duration = Duration::from_secs(60 * 60);

/// Tells the head of the audit now and every hour, until told to stop.
pub async fn tell(db: PgPool, stop: CancellationToken) {
    loop {
        match Head::last(&db).await {
            Ok(head) => tracing::info!(head = %head, "head of the audit"),
            Err(error) => tracing::debug!(%error, "the head of the audit could not be read"),
        }
        tokio::select! { () = tokio::time::sleep(PACE) => {}, () = stop.cancelled() => return }
    }
}
