use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::pace::Quota;

/// The turns that this process took, so that it keeps its quotas by itself where it cannot ask the others.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashMap<&'static str, Instant>>);

impl Turns {
    /// Takes a turn; where there is none now, none is taken, and this is how long until there is one.
    pub(crate) fn take(&self, quota: &Quota, now: Instant) -> Option<Duration> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = turns.entry(quota.name).or_insert(now);
        let rest = last.saturating_duration_since(now).saturating_sub(quota.slack());
        if !rest.is_zero() {
            return Some(rest);
        }
        *last = now.max(*last) + quota.every;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_come_back_at_their_pace() {
        let (turns, now, second) = (Turns::default(), Instant::now(), Duration::from_secs(1));
        let many = Quota { name: "all", every: second, burst: 3 };
        let few = Quota { burst: 1, ..many };
        assert_eq!(turns.take(&few, now), None);
        assert_eq!(turns.take(&few, now), Some(second), "whoever can wait leaves the rest to the others");
        assert_eq!([turns.take(&many, now), turns.take(&many, now)], [None, None]);
        assert_eq!(turns.take(&many, now), Some(second));
        assert_eq!(turns.take(&many, now + second), None);
        let later = now + 60 * second;
        assert_eq!([1, 2, 3].map(|_| turns.take(&many, later)), [None; 3], "a long rest saves up no more than a burst");
        assert_eq!(turns.take(&many, later), Some(second));
        assert_eq!(turns.take(&Quota { name: "other", ..few }, now), None);
    }
}
