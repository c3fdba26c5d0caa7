//! GitHub: what is read of it.

pub mod snapshot;

pub use snapshot::Snapshot;
