use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What went in, and what came out: the arithmetic of a queue.
#[derive(Default)]
pub(super) struct Tally {
    /// Everything that was tried.
    pub(super) attempted: BTreeSet<String>,
    /// What was acknowledged.
    pub(super) acknowledged: BTreeSet<String>,
    /// What is there in the end, and how often.
    pub(super) found: BTreeMap<String, usize>,
}

impl Tally {
    /// What was acknowledged and is not there.
    pub(super) fn lost(&self) -> Vec<&String> {
        self.acknowledged.iter().filter(|it| !self.found.contains_key(*it)).collect()
    }

    /// What is there and was never tried.
    pub(super) fn unexpected(&self) -> Vec<&String> {
        self.found.keys().filter(|it| !self.attempted.contains(*it)).collect()
    }

    /// What is there more than once.
    pub(super) fn doubled(&self) -> Vec<&String> {
        self.found.iter().filter(|it| *it.1 > 1).map(|it| it.0).collect()
    }

    /// What is there though nobody was told: not wrong, since an answer can get lost.
    pub(super) fn recovered(&self) -> usize {
        self.found.keys().filter(|it| self.attempted.contains(*it) && !self.acknowledged.contains(*it)).count()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "attempted    {:>6}", self.attempted.len())?;
        writeln!(f, "acknowledged {:>6}", self.acknowledged.len())?;
        writeln!(f, "found        {:>6}", self.found.len())?;
        writeln!(f, "lost         {:>6}", self.lost().len())?;
        writeln!(f, "unexpected   {:>6}", self.unexpected().len())?;
        writeln!(f, "doubled      {:>6}", self.doubled().len())?;
        writeln!(f, "recovered    {:>6}", self.recovered())
    }
}

#[test]
fn the_arithmetic_finds_what_is_wrong() {
    let set = |them: &[&str]| them.iter().map(|it| (*it).to_string()).collect::<BTreeSet<_>>();
    let found = [("a", 1), ("b", 2), ("x", 1), ("d", 1)].map(|(id, times)| (id.to_string(), times)).into();
    let tally = Tally { attempted: set(&["a", "b", "c", "d"]), acknowledged: set(&["a", "b", "c"]), found };
    assert_eq!(tally.lost(), ["c"]);
    assert_eq!(tally.unexpected(), ["x"]);
    assert_eq!(tally.doubled(), ["b"]);
    assert_eq!(tally.recovered(), 1);
}
