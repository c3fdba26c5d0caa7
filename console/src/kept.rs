use std::borrow::Borrow;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Copies of what was read or drawn, each with the state for which it holds. Who uses one asks the database for the state
/// that holds now, so that a copy is as good as reading again.
pub(crate) struct Kept<K, S, V> {
    copies: Mutex<Copies<K, S, V>>,
    /// Bytes of all copies together; beyond them the oldest go.
    room: usize,
}

struct Copies<K, S, V> {
    known: HashMap<K, Copy<S, V>>,
    oldest: VecDeque<K>,
    bytes: usize,
}

struct Copy<S, V> {
    state: S,
    value: V,
    bytes: usize,
}

/// What a copy takes besides what it holds, roughly.
const FRAME: usize = 256;

impl<K: Clone + Eq + Hash, S: PartialEq, V: Clone> Kept<K, S, V> {
    pub(crate) fn new(room: usize) -> Self {
        Self { copies: Mutex::new(Copies { known: HashMap::new(), oldest: VecDeque::new(), bytes: 0 }), room }
    }

    /// The copy for this key, if it was made in this state.
    pub(crate) fn find<Q: Eq + Hash + ?Sized>(&self, key: &Q, state: &S) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.copies().known.get(key).filter(|it| it.state == *state).map(|it| it.value.clone())
    }

    /// Whether there is a copy for this key, made in whatever state.
    pub(crate) fn has<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.copies().known.contains_key(key)
    }

    /// Keeps a copy that takes so many bytes.
    pub(crate) fn keep(&self, key: K, state: S, value: V, bytes: usize) {
        let mut copies = self.copies();
        let copy = Copy { state, value, bytes: bytes + FRAME };
        copies.bytes += copy.bytes;
        match copies.known.insert(key.clone(), copy) {
            Some(before) => copies.bytes -= before.bytes,
            None => copies.oldest.push_back(key),
        }
        while copies.bytes > self.room
            && let Some(oldest) = copies.oldest.pop_front()
        {
            copies.bytes -= copies.known.remove(&oldest).map_or(0, |it| it.bytes);
        }
    }

    fn copies(&self) -> MutexGuard<'_, Copies<K, S, V>> {
        self.copies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_holds_only_in_its_own_state() {
        let kept = Kept::new(10_000);
        kept.keep("a", 1, "one", 3);
        assert_eq!((kept.find("a", &1), kept.find("a", &2), kept.find("b", &1)), (Some("one"), None, None));
        kept.keep("a", 2, "two", 3);
        assert_eq!((kept.find("a", &1), kept.find("a", &2)), (None, Some("two")));
    }

    #[test]
    fn the_oldest_go_when_room_is_short() {
        let kept = Kept::new(10 * (FRAME + 100));
        for key in 0..1_000 {
            kept.keep(key, (), key, 100);
            kept.keep(key, (), key, 100);
        }
        assert_eq!((kept.find(&989, &()), kept.find(&990, &()), kept.find(&999, &())), (None, Some(990), Some(999)));
        assert!(kept.copies().known.len() == 10 && kept.copies().oldest.len() == 10);
        kept.keep(0, (), 0, 1_000_000);
        assert!(kept.copies().known.is_empty() && kept.copies().bytes == 0, "what has no room is not kept");
    }
}
