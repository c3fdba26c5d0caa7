//! What becomes of an event that could not be applied.

use std::any::Any;
use std::time::Duration;

use anyhow::anyhow;
use console::Failure;
use sqlx::Error;

/// How often an event is tried before it is set aside: over a quarter of an hour.
pub(crate) const ATTEMPTS: i32 = 8;

/// How long it waits at the most.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// How much of an error is kept.
const MAX_WORDS: usize = 500;

/// When an event is tried again that was tried so often; none where it is set aside. Not all at once: what failed together
/// may have failed because of that.
pub(crate) fn again(attempts: i32) -> Option<Duration> {
    let before = u32::try_from(attempts.max(1) - 1).ok()?;
    let wait = Duration::from_secs(3_u64.saturating_pow(before)).min(LONGEST);
    (attempts < ATTEMPTS).then(|| wait.mul_f64(rand::random_range(0.8..1.2)))
}

/// An error in words that can be stored and shown.
pub(crate) fn words(error: &anyhow::Error) -> String {
    let safe = |it: char| if it == '\0' { char::REPLACEMENT_CHARACTER } else { it };
    // Some errors say again what caused them.
    let said = error.chain().map(ToString::to_string).reduce(|said, it| match said.contains(&it) {
        true => said,
        false => format!("{said}: {it}"),
    });
    said.unwrap_or_default().chars().take(MAX_WORDS).map(safe).collect()
}

/// What a panic said.
pub(crate) fn panicked(panic: &(dyn Any + Send)) -> anyhow::Error {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word");
    anyhow!("applying it panicked: {text}")
}

/// Telling has no asker whose mistake it could be.
pub(crate) fn told_by<T>(told: Result<T, Failure>) -> anyhow::Result<T> {
    match told {
        Ok(told) => Ok(told),
        Err(Failure::Internal(error)) => Err(error),
        Err(Failure::User(card)) => Err(anyhow::anyhow!("people could not be told: {}", card.title)),
    }
}

/// Whether the database lacks room or connections, or we stood still: it answers, and whatever is tried fails. That is no try.
pub(crate) fn of_its_room(error: &anyhow::Error) -> bool {
    let class = |code: &str| ["53100", "53300", "58", "25P03"].iter().any(|it| code.starts_with(it));
    let codes = error.chain().filter_map(|it| it.downcast_ref::<Error>()?.as_database_error()?.code());
    codes.into_iter().any(|it| class(&it))
}

/// Whether the database is to blame rather than an event.
pub(crate) fn of_the_database(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|it| it.downcast_ref::<Error>()).any(|it| match it {
        // <https://www.postgresql.org/docs/current/errcodes-appendix.html>: connection, resources, shutdown, system, and a
        // transaction that stood still; but not a statement that took too long.
        Error::Database(it) => {
            it.code().is_some_and(|code| ["08", "53", "57P", "58", "25P03"].iter().any(|class| code.starts_with(class)))
        }
        Error::Io(_) | Error::Protocol(_) | Error::Tls(_) | Error::WorkerCrashed => true,
        Error::PoolTimedOut | Error::PoolClosed | Error::BeginFailed => true,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_and_ends() {
        let seconds = |attempts| again(attempts).map(|it| it.as_secs_f64());
        for (attempts, about) in [(1, 1.0), (2, 3.0), (3, 9.0), (7, 600.0)] {
            let waits: Vec<f64> = (0..50).filter_map(|_| seconds(attempts)).collect();
            assert!(waits.iter().all(|it| (about * 0.79..about * 1.21).contains(it)), "{attempts}: {waits:?}");
            assert!(waits.iter().any(|it| *it != waits[0]), "not all at once");
        }
        assert_eq!((seconds(ATTEMPTS), seconds(ATTEMPTS + 1)), (None, None));
    }

    #[test]
    fn words_can_be_stored() {
        let error = anyhow!("inner \0 {}", "x".repeat(1_000)).context("outer");
        assert!(words(&error).starts_with("outer: inner \u{fffd} xx") && words(&error).len() < 510);
    }
}
