use std::sync::LazyLock;

use tokio::sync::watch;

/// Counts what this process put. It only spares the sender some waiting: what other processes put is found by looking.
static PUT: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::Sender::new(0));

/// Tells this process's sender that something was committed.
pub fn wake() {
    PUT.send_modify(|it| *it += 1);
}

pub(super) fn woken() -> watch::Receiver<u64> {
    PUT.subscribe()
}
