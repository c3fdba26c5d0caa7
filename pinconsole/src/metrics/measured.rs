use std::time::Duration;

use console::Ctx;
use console::gauges::{self, Gauge};
use metrics::gauge;

/// A database that takes longer is reported as down; who reads the figures must not wait for it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Measures what only stands still for a moment: connections, and what lies in the database.
pub(super) async fn measure(ctx: &Ctx) {
    let (all, idle) = (f64::from(ctx.db.size()), ctx.db.num_idle() as f64);
    gauge!("pinconsole_database_connections", "state" => "idle").set(idle);
    gauge!("pinconsole_database_connections", "state" => "used").set(all - idle);
    let read = tokio::time::timeout(PATIENCE, gauges::read(ctx)).await;
    let read = read.map_err(|_| "the database takes too long".to_string());
    let up = match read.and_then(|it| it.map_err(|it| it.to_string())) {
        Ok(found) => {
            found.into_iter().for_each(set);
            1.0
        }
        Err(error) => {
            tracing::warn!(error, "figures could not be read from the database");
            0.0
        }
    };
    gauge!("pinconsole_database_up").set(up);
}

fn set(Gauge { name, labels, value }: Gauge) {
    gauge!(name, &labels).set(value);
}
