use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Longer than anybody ever asks for; guards against nonsense.
const LONGEST: Duration = Duration::from_secs(3600);

/// Until when each method must not be called, as far as this process knows.
#[derive(Debug, Default)]
pub(crate) struct Pauses(Mutex<HashMap<&'static str, Instant>>);

impl Pauses {
    /// Remembers that no call of a method is wanted for so long.
    pub(crate) fn hold(&self, method: &'static str, now: Instant, wait: Duration) {
        let until = now + wait.min(LONGEST);
        let mut pauses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = pauses.entry(method).or_insert(until);
        *held = until.max(*held);
    }

    /// How long a method must still wait; none when it may be called.
    pub(crate) fn rest(&self, method: &'static str, now: Instant) -> Option<Duration> {
        let pauses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pauses.get(method).map(|it| it.saturating_duration_since(now)).filter(|it| !it.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_one_method_until_the_pause_ends() {
        let (pauses, now) = (Pauses::default(), Instant::now());
        let second = Duration::from_secs(1);
        pauses.hold("users.info", now, 30 * second);
        pauses.hold("users.info", now, 2 * second);
        assert_eq!(pauses.rest("users.info", now + 10 * second), Some(20 * second), "a shorter pause lifts none");
        assert_eq!(pauses.rest("users.info", now + 30 * second), None);
        assert_eq!(pauses.rest("auth.test", now), None);
        pauses.hold("auth.test", now, Duration::MAX);
        assert_eq!(pauses.rest("auth.test", now), Some(LONGEST));
    }
}
