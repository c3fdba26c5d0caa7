use std::sync::Arc;
use std::time::Duration;

use domain::PgPool;
use domain::incidents::errand::{Errand, LEASE};
use domain::preference::Defaults;
use integrations::{github, pagerduty};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{ORDERED, carry};

/// How many errands are carried at a time.
const AT_ONCE: usize = 8;

/// How often one looks for what others left and for what is tried again.
const LOOK: Duration = Duration::from_secs(1);

/// What of a lease is left unused, so that it surely has not run out while something is written down.
const MARGIN: Duration = Duration::from_secs(10);

/// What errands need.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub db: PgPool,
    /// PagerDuty, where it is connected.
    pub pagerduty: Option<pagerduty::Client>,
    /// GitHub, where an app of ours is there.
    pub github: Option<github::Client>,
    /// What holds for whoever said nothing of how they want to be told.
    pub defaults: Arc<Defaults>,
}

/// What errands to PagerDuty need.
pub(super) struct Pager {
    pub(super) db: PgPool,
    pub(super) pagerduty: pagerduty::Client,
}

impl Parts {
    /// What errands to PagerDuty need, where it is connected.
    pub(super) fn pager(&self) -> Option<Pager> {
        Some(Pager { db: self.db.clone(), pagerduty: self.pagerduty.clone()? })
    }
}

/// Carries out what people asked others for.
pub struct Carrier {
    parts: Parts,
    places: Arc<Semaphore>,
    tracker: TaskTracker,
}

impl Carrier {
    /// A carrier.
    pub fn new(parts: Parts) -> Self {
        Self { parts, places: Arc::new(Semaphore::new(AT_ONCE)), tracker: TaskTracker::new() }
    }

    /// Carries errands until told to stop; then finishes what is under way.
    pub async fn run(self, stop: CancellationToken) {
        let mut ordered = ORDERED.subscribe();
        while !stop.is_cancelled() {
            ordered.borrow_and_update();
            match self.turn().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::debug!(%error, "errands could not be looked for"),
            }
            tokio::select! {
                () = stop.cancelled() => break,
                _ = ordered.changed() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// Takes up what waits; whether there was anything.
    async fn turn(&self) -> sqlx::Result<bool> {
        let Ok(place) = self.places.clone().acquire_owned().await else { return Ok(false) };
        let Some(errand) = Errand::claim(&self.parts.db, 1).await?.pop() else { return Ok(false) };
        let parts = self.parts.clone();
        self.tracker.spawn(async move {
            let id = errand.id;
            if tokio::time::timeout(LEASE - MARGIN, carry::carry(&parts, errand)).await.is_err() {
                tracing::warn!(errand = %id, "an errand took too long; it is taken up again");
            }
            // The next of the same target waited for it.
            super::wake();
            drop(place);
        });
        Ok(true)
    }
}
