//! Large bodies that are never finished: how much memory strangers can take who need no signature for it to be read.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::ground::Ground;
use super::process;
use super::report::{Goal, Report};
use super::served::Served;

/// How many hold a body at a time, and how large each is.
const SENDERS: usize = 100;
const BODY: usize = 24 << 20;

/// What a body's bytes come in.
const PIECE: usize = 64 << 10;

/// The room that all bodies in flight share, in MB.
const BUDGET: f64 = 256.0;

/// How long a sender goes on sending, and then how long its connection is held.
const SEND: Duration = Duration::from_secs(15);
const HOLD: Duration = Duration::from_secs(2);

/// How often one looks at the memory.
const LOOK: Duration = Duration::from_millis(50);

pub async fn measure(ground: &Ground, rounds: u32) -> Result<Report> {
    let what = format!("{SENDERS} connections, each with a body of {} MB that lacks its last byte", BODY >> 20);
    let mut report = Report::new("flood", what);
    let database = ground.database("flood").await?;
    for _ in 0..rounds {
        let served = Served::start(ground, &database, None)?;
        let before = served.resident()?;
        let mut senders: JoinSet<usize> = (0..SENDERS).map(|_| hold(served.signed)).collect();
        let (mut most, mut sent) = (before, 0);
        while !senders.is_empty() {
            tokio::select! {
                Some(ended) = senders.join_next() => sent += ended?,
                () = sleep(LOOK) => most = most.max(served.resident()?),
            }
        }
        ensure!(sent as f64 > BUDGET * 1024.0 * 1024.0, "only {sent} bytes came through, which is no flood");
        report.aim("memory taken at the most", "MB", Goal::AtMost(BUDGET + 64.0), most - before);
        report.note("memory before", "MB", before);
        report.note("memory at the most", "MB", process::peak(served.process()).unwrap_or(most).max(most));
        report.note("bytes that were taken in", "MB", sent as f64 / 1024.0 / 1024.0);
        report.note("memory after", "MB", served.resident()?);
    }
    Ok(report)
}

/// Sends all but the last byte, as far as the server takes it in, and holds the connection; how many bytes it took.
async fn hold(address: SocketAddr) -> usize {
    let mut sent = 0;
    let Ok(mut stream) = TcpStream::connect(address).await else { return sent };
    let head = format!(
        "POST /webhooks/github HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\nx-github-event: push\r\n\
         x-github-delivery: flood\r\nx-hub-signature-256: sha256={}\r\ncontent-length: {BODY}\r\n\r\n",
        "0".repeat(64)
    );
    let piece = vec![b'x'; PIECE];
    let sending = async {
        stream.write_all(head.as_bytes()).await?;
        while sent < BODY - PIECE {
            stream.write_all(&piece).await?;
            sent += PIECE;
        }
        stream.write_all(&piece[1..]).await?;
        sent += PIECE - 1;
        sleep(HOLD).await;
        std::io::Result::Ok(())
    };
    // Who is refused, or is given no room, has sent what it could.
    let _ = timeout(SEND, sending).await;
    sent
}
