use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use super::client::{Blocking, Connection};
use super::figures::quantile;

/// What a load saw.
pub struct Load {
    seconds: f64,
    /// How long each answer took, in milliseconds.
    took: Vec<f64>,
}

impl Load {
    /// Answers a second.
    pub fn rate(&self) -> f64 {
        self.took.len() as f64 / self.seconds
    }

    /// How many answers there were.
    pub fn answers(&self) -> f64 {
        self.took.len() as f64
    }

    /// The time within which this part of the answers came, in milliseconds.
    pub fn quantile(&self, part: f64) -> f64 {
        quantile(&self.took, part)
    }
}

/// So many callers, each asking again as soon as it was answered.
pub async fn closed(address: SocketAddr, callers: usize, time: Duration, requests: &Arc<Vec<Vec<u8>>>) -> Result<Load> {
    let begun = Instant::now();
    walk(address, callers, requests, move |_| begun.elapsed() < time).await
}

/// So many callers, who together ask everything once.
pub async fn once(address: SocketAddr, callers: usize, requests: &Arc<Vec<Vec<u8>>>) -> Result<Load> {
    let share = requests.len() / callers;
    walk(address, callers, requests, move |asked| asked < share).await
}

/// Everyone starts elsewhere and walks on as long as they may.
async fn walk(
    address: SocketAddr,
    callers: usize,
    requests: &Arc<Vec<Vec<u8>>>,
    on: impl Fn(usize) -> bool + Copy + Send + 'static,
) -> Result<Load> {
    let mut connections = Vec::new();
    for _ in 0..callers {
        connections.push(Connection::open(address).await?);
    }
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for (caller, mut connection) in connections.into_iter().enumerate() {
        let requests = requests.clone();
        running.spawn(async move {
            let (mut took, first) = (Vec::new(), caller * requests.len() / callers);
            while on(took.len()) {
                let asked = Instant::now();
                connection.ask(&requests[(first + took.len()) % requests.len()]).await?;
                took.push(asked.elapsed().as_secs_f64() * 1000.0);
            }
            anyhow::Ok(took)
        });
    }
    let mut took = Vec::new();
    while let Some(joined) = running.join_next().await {
        took.extend(joined??);
    }
    Ok(Load { seconds: begun.elapsed().as_secs_f64(), took })
}

/// So many requests a second, whether or not earlier ones were answered. Each counts from when it was due, so that
/// waiting behind a slow one is not forgotten.
pub async fn open(address: SocketAddr, rate: u32, time: Duration, requests: &Arc<Vec<Vec<u8>>>) -> Result<Load> {
    const THREADS: u32 = 16;
    let pace = Duration::from_secs(1) / rate;
    let begun = Instant::now() + Duration::from_millis(50);
    let mut threads = Vec::new();
    for thread in 0..THREADS {
        let requests = requests.clone();
        threads.push(tokio::task::spawn_blocking(move || {
            let mut connection = Blocking::open(address)?;
            let mut took = Vec::new();
            for nth in (thread..).step_by(THREADS as usize) {
                let due = pace * nth;
                if due >= time {
                    break;
                }
                std::thread::sleep((begun + due).saturating_duration_since(Instant::now()));
                connection.ask(&requests[nth as usize % requests.len()])?;
                took.push((begun + due).elapsed().as_secs_f64() * 1000.0);
            }
            anyhow::Ok(took)
        }));
    }
    let mut took = Vec::new();
    for thread in threads {
        took.extend(thread.await.context("a caller failed")??);
    }
    Ok(Load { seconds: time.as_secs_f64(), took })
}
