//! What others do for people. An act orders an errand in its transaction and waits for it a little; the [`Carrier`] of any
//! replica carries it out: look there again → does it still make sense? → say that it may have been done from now on → call → write
//! down what came of it, with what is said to be so now, in one transaction.
//!
//! PagerDuty has no compare-and-set and no idempotency keys. So what was sent and not answered is looked for before it is sent
//! again, errands of one target go one after another, and a replica that was overtaken sends nothing. Who reviews at GitHub may
//! be said twice: it stays the same.

mod carrier;
mod carry;
mod incident;
mod page;
mod pull;
mod settle;
mod told;
mod turn;
mod wait;

use carrier::Pager;
pub use carrier::{Carrier, Parts};
pub(crate) use wait::{answered, awaited};

use std::sync::LazyLock;

use tokio::sync::watch;

use crate::access::Action;

/// Counts what this process ordered, and what it ended. It only spares some waiting: what others do is found by looking.
static ORDERED: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::Sender::new(0));
static ENDED: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::Sender::new(0));

/// Tells this process's carrier that something was ordered.
pub(crate) fn wake() {
    ORDERED.send_modify(|it| *it += 1);
}

/// Who does what is ordered, as people call it.
fn elsewhere(action: &str) -> &'static str {
    if action == Action::PassReview.as_str() { "GitHub" } else { "PagerDuty" }
}
