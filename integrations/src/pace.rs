use std::time::Duration;

use async_trait::async_trait;
use domain::pace::Quota;

/// Pauses that an outside system asked for, and how many calls we allow ourselves, shared by every process that speaks
/// as the same app.
#[async_trait]
pub trait Pace: Send + Sync {
    /// How long a method must still wait; none when it may be called, or when that cannot be learned.
    async fn rest(&self, method: &'static str) -> Option<Duration>;

    /// Says that no call of a method is wanted for so long.
    async fn hold(&self, method: &'static str, wait: Duration);

    /// Takes a turn of a quota; where there is none now, none is taken, and this is how long until there is one. None
    /// too when that cannot be learned.
    async fn turn(&self, quota: &Quota) -> Option<Duration>;
}
