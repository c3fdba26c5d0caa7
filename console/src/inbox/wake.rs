use std::sync::LazyLock;

use tokio::sync::watch;

/// Counts what this process stored. It only spares the worker some waiting: what other processes stored is found by looking.
static STORED: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::Sender::new(0));

/// Tells this process's worker that an event was committed.
pub fn wake() {
    STORED.send_modify(|it| *it += 1);
}

/// Changes whenever this process stored an event.
pub fn woken() -> watch::Receiver<u64> {
    STORED.subscribe()
}
