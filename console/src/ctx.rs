use std::collections::HashMap;
use std::sync::Arc;

use domain::PgPool;
use domain::account::Account;
use domain::generation::Generation;
use domain::person::Person;

use tokio::sync::Semaphore;

use crate::access::Access;
use crate::batch::Batch;
use crate::freshness::Ages;
use crate::gauges::Counted;
use crate::kept::Kept;
use crate::usage::Recorder;
use crate::{Failure, entity, person, team};

/// What every answer is made from.
#[derive(Clone)]
pub struct Ctx {
    /// The database.
    pub db: PgPool,
    /// Where the use of commands is recorded.
    pub usage: Recorder,
    /// Who may act.
    pub access: Arc<Access>,
    pub(crate) ages: Arc<Ages>,
    pub(crate) shared: Arc<Shared>,
}

/// What all answers share, so that many at once cost little more than one.
#[derive(Default)]
pub(crate) struct Shared {
    generation: Batch<(), Generation>,
    pub(crate) tokens: Batch<String, Person>,
    pub(crate) accounts: Batch<(String, String), (Account, Person)>,
    pub(crate) names: Kept<Vec<String>>,
    pub(crate) entities: Kept<entity::Facts>,
    pub(crate) reads: Batch<String, Arc<entity::Facts>>,
    pub(crate) people: Kept<person::Facts>,
    pub(crate) teams: Kept<team::Facts>,
    pub(crate) searches: Searches,
    pub(crate) counted: Counted,
}

/// How many may search at a time.
pub(crate) struct Searches(pub(crate) Semaphore);

impl Default for Searches {
    fn default() -> Self {
        Self(Semaphore::new(4))
    }
}

impl Ctx {
    /// A context over this database, with the policies that the program comes with, and without administrators.
    pub fn new(db: PgPool, usage: Recorder) -> Self {
        Self { db, usage, access: Arc::default(), ages: Arc::default(), shared: Arc::default() }
    }

    /// The same where access is decided like this.
    pub fn governed(self, access: Access) -> Self {
        Self { access: Arc::new(access), ..self }
    }

    /// The generation of everything that is known, no older than the call.
    pub(crate) async fn generation(&self) -> Result<Generation, Failure> {
        let read = |_| async { Ok(HashMap::from([((), Generation::now(&self.db).await?)])) };
        Ok(self.shared.generation.ask((), read).await?.unwrap_or_default())
    }
}
