use std::time::{Duration, Instant};

use anyhow::Result;
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;
use url::Url;

use super::catalog::{ENTITIES, reference};
use super::limits::CONNECTIONS;

/// The bare key read.
pub const KEY_READ: &str = "select title from catalog.entity where ref = $1";

/// Key reads a second through as many connections as `serve` has, each asking again as soon as it was answered.
pub async fn rate(database: &Url, time: Duration) -> Result<f64> {
    let mut running = JoinSet::new();
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(PgConnection::connect(database.as_str()).await?);
    }
    let keys: std::sync::Arc<Vec<String>> = std::sync::Arc::new((0..ENTITIES).map(reference).collect());
    let begun = Instant::now();
    for (nth, mut connection) in connections.into_iter().enumerate() {
        let keys = keys.clone();
        running.spawn(async move {
            let (mut done, mut next) = (0_u32, nth * 1_999);
            while begun.elapsed() < time {
                let title: String =
                    sqlx::query_scalar(KEY_READ).bind(&keys[next % keys.len()]).fetch_one(&mut connection).await?;
                std::hint::black_box(title);
                (done, next) = (done + 1, next + 7);
            }
            let _ = connection.close().await;
            anyhow::Ok(done)
        });
    }
    let mut done = 0;
    while let Some(joined) = running.join_next().await {
        done += joined??;
    }
    Ok(f64::from(done) / begun.elapsed().as_secs_f64())
}
