//! Who is on call when.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::company::{PagerSchedule, Rotation, Shift};
use super::state::State;

impl PagerSchedule {
    /// Whose turns overlap with a window, whole, overrides counted in; a moment is a window too.
    pub(super) fn turns(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Shift> {
        let until = until.max(since + TimeDelta::milliseconds(1));
        let rotation = self.rotation.iter().flat_map(|it| it.turns(since, until));
        let mut turns: Vec<Shift> = rotation.chain(self.shifts.iter().cloned()).collect();
        for over in self.overrides.values() {
            turns = turns.iter().flat_map(|it| it.without(over)).collect();
            turns.push(over.clone());
        }
        turns.retain(|it| it.start < until && it.end > since);
        turns.sort_by_key(|it| it.start);
        turns
    }
}

impl Rotation {
    fn turns(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Shift> {
        let length = TimeDelta::hours(self.hours.max(1));
        let begins = |number: i64| self.start + TimeDelta::seconds(length.num_seconds() * number);
        let past = (since - self.start).num_seconds().max(0) / length.num_seconds();
        let turn = |number: i64, users: &[String]| {
            let user = users[number as usize % users.len()].clone();
            Shift { start: begins(number), end: begins(number + 1), user }
        };
        let mut turns = Vec::new();
        if !self.users.is_empty() {
            turns.extend((past..).take_while(|it| begins(*it) < until).map(|it| turn(it, &self.users)));
        }
        turns
    }
}

impl Shift {
    /// What another leaves of this.
    fn without(&self, other: &Shift) -> Vec<Shift> {
        if other.start >= self.end || other.end <= self.start {
            return vec![self.clone()];
        }
        let before = Shift { end: other.start, ..self.clone() };
        let after = Shift { start: other.end, ..self.clone() };
        [before, after].into_iter().filter(|it| it.start < it.end).collect()
    }
}

impl State {
    /// Who is asked on a level of a policy, each once.
    pub(super) fn on_level(&self, policy: &str, level: usize, now: DateTime<Utc>) -> Vec<String> {
        let levels = self.policies.get(policy).map(|it| it.levels.as_slice()).unwrap_or_default();
        let Some(level) = level.checked_sub(1).and_then(|it| levels.get(it)) else { return vec![] };
        let schedules = level.schedules.iter().filter_map(|it| self.schedules.get(it));
        let on_call = schedules.flat_map(|it| it.turns(now, now)).map(|it| it.user);
        let mut seen = BTreeSet::new();
        level.users.iter().cloned().chain(on_call).filter(|it| seen.insert(it.clone())).collect()
    }
}
