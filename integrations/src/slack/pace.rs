use std::time::Duration;

use async_trait::async_trait;

/// Pauses that Slack asked for, shared by every process that speaks as the same app.
#[async_trait]
pub trait Pace: Send + Sync {
    /// How long a method must still wait; none when it may be called, or when that cannot be learned.
    async fn rest(&self, method: &'static str) -> Option<Duration>;

    /// Says that Slack wants no call of a method for so long.
    async fn hold(&self, method: &'static str, wait: Duration);
}
