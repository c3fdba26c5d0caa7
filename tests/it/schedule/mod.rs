//! What happens by itself happens once, however many replicas there are and however they end.

mod fence;
mod once;
mod policies;
mod replicas;
mod silence;
mod skew;
mod told;

use domain::tick::Job;
use scheduler::jobs::Jobs;
use scheduler::jobs::housekeeping::Sweep;
use scheduler::{Config, Runner};
use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A replica with nothing but housekeeping, which does this; it runs until the token is cancelled.
fn replica(db: &PgPool, name: &str, sweep: Sweep, stop: &CancellationToken) -> JoinHandle<()> {
    let jobs = Jobs {
        schedule: Config::default(),
        directory: None,
        files: None,
        pagerduty: None,
        github: None,
        handover: None,
        sweeps: vec![sweep],
    };
    let runner = Runner::new(db.clone(), name.into(), jobs).expect("a schedule");
    tokio::spawn(runner.run(stop.clone()))
}

/// Asks for this many runs.
async fn ask(db: &PgPool, job: Job, count: usize) {
    let mut connection = db.acquire().await.expect("a connection");
    for number in 0..count {
        let argument = serde_json::json!({ "number": number });
        domain::tick::Tick::ask(&mut connection, job, &argument, "ada").await.expect("a run");
    }
}

/// As if the time of whoever holds a run had run out.
async fn let_leases_end(db: &PgPool) {
    let ended = sqlx::query("update schedule.tick set leased_until = now() where leased_until is not null");
    ended.execute(db).await.expect("leases that end");
}
