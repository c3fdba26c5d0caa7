//! The throw-away server beside which ours is measured: axum with nothing to do, or with one key to read.

use std::io::Read;
use std::net::SocketAddr;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use domain::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::net::TcpListener;
use url::Url;

use super::catalog;
use super::client::{get as request, post};
use super::ground::Ground;
use super::keys::KEY_READ;
use super::process;
use super::served::{answers, program};

/// The same number of connections that `serve` has by default.
pub const CONNECTIONS: u32 = 10;

/// Serves until standard input ends, so that it never outlives who measures.
pub async fn serve() -> Result<()> {
    let [address, database] = ["PINCONSOLE_LISTEN", "DATABASE_URL"].map(std::env::var);
    let db = PgPoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(false).connect_lazy(&database?)?;
    let routes = Router::new()
        .route("/hello", get(|| async { "hello\n" }).post(|| async { "hello\n" }))
        .route("/key/{number}", get(key))
        .with_state(db);
    let listener = TcpListener::bind(address?).await?;
    let (ended, end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read(&mut [0]);
        ended.send(())
    });
    tokio::select! {
        result = async { axum::serve(listener, routes).await } => result?,
        _ = end => {}
    }
    Ok(())
}

async fn key(State(db): State<PgPool>, Path(number): Path<usize>) -> Result<String, StatusCode> {
    let row = sqlx::query_scalar(KEY_READ).bind(catalog::reference(number)).fetch_one(&db).await;
    row.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
}

/// That server, in a process of its own.
pub struct Limits {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// Milliseconds from its start until it answered.
    pub ready_after: f64,
}

impl Limits {
    /// Starts it and waits until it answers.
    pub fn start(ground: &Ground, database: &Url) -> Result<Self> {
        let address = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let mut command = program(ground)?;
        command.args(["bench", "limits"]).env("DATABASE_URL", database.as_str());
        command.env("PINCONSOLE_LISTEN", address.to_string()).stdin(Stdio::piped());
        let begun = Instant::now();
        let child = command.spawn()?;
        let mut limits = Self { child, address, ready_after: 0.0 };
        while !answers(address, &hello()) {
            if limits.child.try_wait()?.is_some() || begun.elapsed() > Duration::from_secs(30) {
                bail!("the throw-away server does not answer");
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        limits.ready_after = begun.elapsed().as_secs_f64() * 1000.0;
        Ok(limits)
    }

    /// Seconds of CPU that it used so far.
    pub fn cpu(&self) -> Result<f64> {
        process::cpu(self.child.id())
    }

    /// MB of memory that it holds.
    pub fn resident(&self) -> Result<f64> {
        process::resident(self.child.id()).context("the throw-away server has ended")
    }
}

impl Drop for Limits {
    fn drop(&mut self) {
        // It keeps nothing, so it may end in any way.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A request that has nothing to do.
pub fn hello() -> Vec<u8> {
    request("/hello")
}

/// The same with a body as long as this.
pub fn hello_with(body: &str) -> Vec<u8> {
    post("/hello", &[], body)
}
