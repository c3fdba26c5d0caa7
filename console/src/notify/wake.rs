use std::sync::LazyLock;

use tokio::sync::watch;

/// What this process put, counted. It only spares the sender some waiting: what other processes put is found by looking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Put {
    /// That may be about to be committed: one look may be too early.
    pub(super) begun: u64,
    /// That was committed.
    pub(super) committed: u64,
}

static PUT: LazyLock<watch::Sender<Put>> = LazyLock::new(watch::Sender::default);

/// Tells this process's sender that something was put, whose commit may be under way.
pub fn wake() {
    PUT.send_modify(|it| it.begun += 1);
}

/// Tells this process's sender that what was put is committed, so that it looks once.
pub fn wake_once() {
    PUT.send_modify(|it| it.committed += 1);
}

pub(super) fn woken() -> watch::Receiver<Put> {
    PUT.subscribe()
}
