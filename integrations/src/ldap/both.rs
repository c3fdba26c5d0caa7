use std::panic::resume_unwind;
use std::thread;

/// Does both at the same time, the first on a thread of its own: what follows a reading is what its reader waits for.
pub(super) fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panicked| resume_unwind(panicked)), other)
    })
}

/// The same for the two halves of a list.
pub(super) fn halves<'a, T: Sync, R: Send>(all: &'a [T], each: impl Fn(&'a T) -> R + Sync) -> Vec<R> {
    let (first, second) = all.split_at(all.len() / 2);
    let done = |part: &'a [T]| part.iter().map(&each).collect::<Vec<R>>();
    let (mut all, rest) = both(|| done(first), || done(second));
    all.extend(rest);
    all
}
