//! Recording the use of commands, in batches, beside the answers.

use std::time::Duration;

use domain::PgPool;
use domain::usage::{Usage, record};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How many uses may wait; more are dropped, since figures must never slow an answer down.
const WAITING: usize = 65_536;

/// How many uses one statement records.
const BATCH: usize = 8_192;

/// How long uses are gathered.
const PACE: Duration = Duration::from_secs(1);

/// Where uses are handed in.
#[derive(Clone)]
pub struct Recorder(Sender<Usage>);

/// The other end, which writes.
pub struct Writer(Receiver<Usage>);

/// A recorder and its writer.
pub fn recorder() -> (Recorder, Writer) {
    let (sender, receiver) = channel(WAITING);
    (Recorder(sender), Writer(receiver))
}

impl Recorder {
    /// Hands in a use, without waiting.
    pub fn note(&self, usage: Usage) {
        if self.0.try_send(usage).is_err() {
            tracing::warn!("a use of a command was not recorded: too many wait");
        }
    }
}

impl Writer {
    /// Writes until every recorder is gone, the last uses included.
    pub async fn run(mut self, db: PgPool) {
        let mut uses = Vec::new();
        while self.0.recv_many(&mut uses, BATCH).await > 0 {
            if let Err(error) = record(&db, &uses).await {
                tracing::warn!(%error, lost = uses.len(), "the use of commands could not be recorded");
            }
            let more = uses.len() == BATCH;
            uses.clear();
            if !more && !self.0.is_closed() {
                tokio::time::sleep(PACE).await;
            }
        }
    }
}
