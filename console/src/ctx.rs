use std::sync::Arc;

use domain::PgPool;

use crate::freshness::Ages;
use crate::usage::Recorder;

/// What every answer is made from.
#[derive(Clone)]
pub struct Ctx {
    /// The database.
    pub db: PgPool,
    /// Where the use of commands is recorded.
    pub usage: Recorder,
    pub(crate) ages: Arc<Ages>,
}

impl Ctx {
    /// A context over this database.
    pub fn new(db: PgPool, usage: Recorder) -> Self {
        Self { db, usage, ages: Arc::default() }
    }
}
