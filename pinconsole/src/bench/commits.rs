//! What Postgres itself can store durably of the same bodies: a table with one unique key and nothing else to do.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::Utc;
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;
use url::Url;
use uuid::Uuid;

use super::events::Event;

const TABLE: &str = "create table if not exists public.bare (
    source text not null, external_id text not null, received_at timestamptz not null, body bytea not null,
    unique (source, external_id))";
const COMPRESSED: &str = "alter table public.bare alter column body set compression lz4";
const INSERT: &str = "insert into public.bare
    select 'github', * from unnest($1::text[], $2::timestamptz[], $3::bytea[]) on conflict do nothing";

/// What storing bare rows costs.
pub struct Commits {
    /// Rows a second.
    pub rate: f64,
    /// Milliseconds that a commit takes, on average.
    pub mean: f64,
    /// How many rows there were.
    pub rows: f64,
}

/// Makes the table.
pub async fn prepare(database: &Url) -> Result<()> {
    let mut db = PgConnection::connect(database.as_str()).await?;
    sqlx::query(TABLE).execute(&mut db).await?;
    // Refused by a server without lz4, which then compresses ours in its own way too.
    let _ = sqlx::query(COMPRESSED).execute(&mut db).await;
    Ok(db.close().await?)
}

/// So many clients, each committing so many rows again and again.
pub async fn run(
    database: &Url,
    clients: usize,
    rows: usize,
    time: Duration,
    events: &Arc<Vec<Event>>,
) -> Result<Commits> {
    let mut connections = Vec::new();
    for _ in 0..clients {
        connections.push(PgConnection::connect(database.as_str()).await?);
    }
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for (nth, mut connection) in connections.into_iter().enumerate() {
        let events = events.clone();
        running.spawn(async move {
            let (mut done, mut next) = (0, nth * 97);
            while begun.elapsed() < time {
                let mut ids: Vec<String> = (0..rows).map(|_| Uuid::new_v4().to_string()).collect();
                ids.sort_unstable();
                let bodies: Vec<&[u8]> = (next..next + rows).map(|it| &events[it % events.len()].body[..]).collect();
                let now = vec![Utc::now(); rows];
                sqlx::query(INSERT).bind(&ids).bind(&now).bind(&bodies).execute(&mut connection).await?;
                (done, next) = (done + 1, next + rows);
            }
            let _ = connection.close().await;
            anyhow::Ok(done)
        });
    }
    let mut commits = 0;
    while let Some(joined) = running.join_next().await {
        commits += joined??;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let all = f64::from(commits);
    let mean = seconds * 1000.0 * clients as f64 / all;
    Ok(Commits { rate: all * rows as f64 / seconds, mean, rows: all * rows as f64 })
}
