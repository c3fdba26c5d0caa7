use std::sync::LazyLock;

use domain::delivery::Source;
use tokio::sync::watch;

/// Counts what this process stored, by sender. It only spares the worker some waiting: what other processes stored is found by looking.
static STORED: LazyLock<[watch::Sender<u64>; Source::ALL.len()]> = LazyLock::new(Default::default);

/// Tells this process's worker that events of these senders were committed.
pub fn wake(sources: impl IntoIterator<Item = Source>) {
    for source in sources {
        of(source).send_modify(|it| *it += 1);
    }
}

/// Changes whenever this process stored an event of this sender.
pub fn woken(source: Source) -> watch::Receiver<u64> {
    of(source).subscribe()
}

fn of(source: Source) -> &'static watch::Sender<u64> {
    let [github, pagerduty] = &*STORED;
    match source {
        Source::Github => github,
        Source::Pagerduty => pagerduty,
    }
}
