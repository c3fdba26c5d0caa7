//! One run on this replica: its lease is renewed while it goes, and whatever happens, how it ended is kept.

use std::time::Duration;

use domain::PgPool;
use domain::tick::{LEASE, Outcome, Tick};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How a run ended, with what there is to say of it.
pub(crate) type Ended = anyhow::Result<(Outcome, String)>;

/// How often a holder says that it lives; three may get lost.
pub(crate) const RENEWAL: Duration = Duration::from_secs(15);

/// How long a run may take to finish once the program ends.
const GRACE: Duration = Duration::from_secs(12);

/// What becomes of a run besides that it ends.
enum Turn {
    /// It ended by itself.
    Ended(Result<Ended, tokio::task::JoinError>),
    /// Another replica has taken it over, or will have.
    Lost,
    /// The program ends before it does.
    CutOff,
}

/// Sees a run through to its end.
pub(crate) async fn see_through(db: PgPool, tick: Tick, mut work: JoinHandle<Ended>, stop: CancellationToken) {
    let (job, attempt) = (tick.job.as_str(), tick.attempt);
    tracing::info!(job, attempt, fence = tick.token, scheduled_for = %tick.scheduled_for, "a job begins");
    let begun = Instant::now();
    let turn = tokio::select! {
        ended = &mut work => Turn::Ended(ended),
        () = lost(&db, &tick) => Turn::Lost,
        () = ending(&stop) => Turn::CutOff,
    };
    metrics::histogram!("pinconsole_job_duration_seconds", "job" => job).record(begun.elapsed());
    match turn {
        Turn::Ended(ended) => keep(&db, &tick, told(job, ended)).await,
        Turn::Lost => {
            end(work).await;
            tracing::warn!(job, "another replica has taken over a job that took too long here");
        }
        Turn::CutOff => {
            end(work).await;
            match tick.release(&db).await {
                Ok(()) => tracing::warn!(job, "a job was cut off; another replica, or the next start, begins it anew"),
                Err(error) => tracing::warn!(job, %error, "a job was cut off; another replica takes it over"),
            }
        }
    }
}

/// Returns once this replica can no longer be sure to hold the run.
async fn lost(db: &PgPool, tick: &Tick) {
    let mut renewed = Instant::now();
    loop {
        tokio::time::sleep(RENEWAL).await;
        let begun = Instant::now();
        match tick.renew(db).await {
            Ok(true) => renewed = begun,
            Ok(false) => return,
            Err(error) if renewed.elapsed() < LEASE => tracing::warn!(%error, "a lease could not be renewed yet"),
            Err(_) => return,
        }
    }
}

async fn ending(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(GRACE).await;
}

/// Ends the work; when this returns, its transaction is over.
async fn end(work: JoinHandle<Ended>) {
    work.abort();
    let _ = work.await;
}

/// How it ended, in words that anybody may read; the details are for the log.
fn told(job: &'static str, ended: Result<Ended, tokio::task::JoinError>) -> (Outcome, String) {
    match ended {
        Ok(Ok(ended)) => ended,
        Ok(Err(error)) => {
            tracing::error!(job, ?error, "a job failed");
            (Outcome::Failed, "It failed on our side; the log of its process says why.".into())
        }
        Err(error) => {
            tracing::error!(job, %error, "a job panicked");
            (Outcome::Failed, "It ended by a mistake in the program; the log of its process says where.".into())
        }
    }
}

async fn keep(db: &PgPool, tick: &Tick, (outcome, note): (Outcome, String)) {
    let (job, outcome_word) = (tick.job.as_str(), outcome.as_str());
    match tick.finish(db, outcome, &note).await {
        Ok(true) => tracing::info!(job, outcome = outcome_word, note, "a job ended"),
        Ok(false) => tracing::warn!(job, outcome = outcome_word, "a job ended after another replica had taken it over"),
        // Its lease ends, and another replica does it again: jobs bear that.
        Err(error) => tracing::error!(job, %error, "how a job ended could not be kept"),
    }
}
