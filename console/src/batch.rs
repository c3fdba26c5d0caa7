use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use anyhow::anyhow;
use domain::pool::PATIENCE;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

/// Reads by key, in one query for everybody who waits: whatever is queued goes together, nothing waits for more, and no
/// answer is older than its question.
pub(crate) struct Batch<K, V> {
    queue: Mutex<Vec<(K, oneshot::Sender<Found<V>>)>>,
    leads: Semaphore,
}

/// How many read at a time: while the answer to one query comes, the next is gathered and asked.
const LEADERS: usize = 2;

/// What is said to each who waits; an error is told to all of them, in words.
type Found<V> = Result<Option<V>, String>;

impl<K, V> Default for Batch<K, V> {
    fn default() -> Self {
        Self { queue: Mutex::default(), leads: Semaphore::new(LEADERS) }
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Batch<K, V> {
    /// The value of this key. Whoever finds few enough reading reads for all who wait; a query that hangs is given up.
    pub(crate) async fn ask<R>(&self, key: K, read: impl Fn(Vec<K>) -> R) -> anyhow::Result<Option<V>>
    where
        R: Future<Output = sqlx::Result<HashMap<K, V>>>,
    {
        loop {
            let (sender, mut answer) = oneshot::channel();
            self.queue().push((key.clone(), sender));
            let lead = tokio::select! {
                biased;
                told = &mut answer => match told {
                    Ok(found) => return found.map_err(|it| anyhow!(it)),
                    // Who read for us was cancelled.
                    Err(_) => continue,
                },
                lead = self.leads.acquire() => lead?,
            };
            let waiting = std::mem::take(&mut *self.queue());
            if !waiting.is_empty() {
                let found = timeout(PATIENCE, read(waiting.iter().map(|it| it.0.clone()).collect())).await;
                let found = found.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(|it| it.to_string());
                for (key, sender) in waiting {
                    // Who no longer waits needs no answer.
                    let _ = sender.send(found.as_ref().map(|it| it.get(&key).cloned()).map_err(String::clone));
                }
            }
            drop(lead);
            if let Ok(found) = answer.await {
                return found.map_err(|it| anyhow!(it));
            }
        }
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, Vec<(K, oneshot::Sender<Found<V>>)>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn who_waits_while_another_reads_is_read_for_together() {
        let (batch, reads, gate) = (Batch::default(), AtomicUsize::new(0), tokio::sync::Semaphore::new(0));
        let read = |keys: Vec<u32>| {
            reads.fetch_add(1, Ordering::Relaxed);
            let gate = &gate;
            async move {
                let _ = gate.acquire().await;
                Ok(keys.into_iter().filter(|it| it % 2 == 0).map(|it| (it, it * 10)).collect())
            }
        };
        let asked = futures_of(&batch, &read, 0..9);
        let (found, ()) = tokio::join!(asked, async { gate.add_permits(3) });
        assert_eq!(found, [Some(0), None, Some(20), None, Some(40), None, Some(60), None, Some(80)]);
        assert!(reads.into_inner() <= 3, "the first two may read alone, all others together");
    }

    #[tokio::test]
    async fn an_error_reaches_everybody_who_waits() {
        let batch: Batch<u32, u32> = Batch::default();
        let read = |_: Vec<u32>| async { Err(sqlx::Error::PoolTimedOut) };
        let (one, other) = tokio::join!(batch.ask(1, read), batch.ask(2, read));
        assert!(one.is_err() && other.is_err());
    }

    #[tokio::test]
    async fn a_read_that_hangs_is_given_up_for_all_who_wait() {
        let batch: Batch<u32, u32> = Batch::default();
        let read = |_: Vec<u32>| std::future::pending();
        let (one, other) = tokio::join!(batch.ask(1, read), batch.ask(2, read));
        assert!(one.is_err() && other.is_err());
    }

    async fn futures_of<R>(
        batch: &Batch<u32, u32>,
        read: &impl Fn(Vec<u32>) -> R,
        keys: std::ops::Range<u32>,
    ) -> Vec<Option<u32>>
    where
        R: Future<Output = sqlx::Result<HashMap<u32, u32>>>,
    {
        let mut asked: Vec<_> = keys.map(|it| Box::pin(batch.ask(it, read))).collect();
        let mut found = vec![None; asked.len()];
        let mut open = asked.len();
        std::future::poll_fn(move |context| {
            for (it, found) in asked.iter_mut().zip(&mut found) {
                if let (None, std::task::Poll::Ready(answer)) = (&found, it.as_mut().poll(context)) {
                    *found = Some(answer.expect("no error"));
                    open -= 1;
                }
            }
            if open > 0 {
                std::task::Poll::Pending
            } else {
                std::task::Poll::Ready(found.iter().flatten().copied().collect())
            }
        })
        .await
    }
}
