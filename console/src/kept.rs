use std::collections::HashMap;
use std::fmt::{self, Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};

use domain::generation::Generation;

use crate::Failure;

/// Copies beyond so many bytes are not kept.
const ROOM: usize = 24 * 1024 * 1024;

/// Copies of what was read, each as good as reading it again: they are kept for one generation of everything that is known,
/// and each use asks the database which generation holds.
pub(crate) struct Kept<V>(Mutex<Store<V>>);

struct Store<V> {
    generation: Generation,
    values: HashMap<String, Arc<V>>,
    bytes: usize,
}

impl<V> Default for Kept<V> {
    fn default() -> Self {
        Self(Mutex::new(Store { generation: Generation::default(), values: HashMap::new(), bytes: 0 }))
    }
}

impl<V: Debug> Kept<V> {
    /// The copy for this key, or what is read now.
    pub(crate) async fn of(
        &self,
        generation: Generation,
        key: String,
        read: impl Future<Output = Result<Option<Arc<V>>, Failure>>,
    ) -> Result<Option<Arc<V>>, Failure> {
        if let Some(kept) = self.known(&generation, &key) {
            return Ok(Some(kept));
        }
        let Some(value) = read.await? else { return Ok(None) };
        self.keep(generation, key, value.clone());
        Ok(Some(value))
    }

    fn known(&self, generation: &Generation, key: &str) -> Option<Arc<V>> {
        let store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if store.generation == *generation { store.values.get(key).cloned() } else { None }
    }

    fn keep(&self, generation: Generation, key: String, value: Arc<V>) {
        let bytes = key.len() + size(&*value);
        let mut store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if store.generation != generation || store.bytes + bytes > ROOM {
            *store = Store { generation, values: HashMap::new(), bytes: 0 };
        }
        store.bytes += bytes;
        store.values.insert(key, value);
    }
}

/// About what a value takes in memory: what it takes to print it.
fn size(value: &impl Debug) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += text.len();
            Ok(())
        }
    }
    let mut count = Count(0);
    // Counting cannot fail.
    let _ = write!(count, "{value:?}");
    count.0
}
