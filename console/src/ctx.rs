use std::collections::HashMap;
use std::sync::Arc;

use domain::PgPool;
use domain::account::Account;
use domain::generation::Generation;
use domain::person::Person;
use domain::preference::Defaults;
use domain::spare::Spare;
use domain::token::{Digested, Holder};

use tokio::sync::Semaphore;

use crate::access::Access;
use crate::batch::Batch;
use crate::freshness::{Ages, Fresh};
use crate::gauges::Counted;
use crate::identity::{Holding, Proven, Rights};
use crate::kept::Kept;
use crate::link_github::Door;
use crate::notify::incident::Rules;
use crate::oncall::Together;
use crate::told::Answers;
use crate::usage::Recorder;
use crate::{Failure, entity};

/// What every answer is made from.
#[derive(Clone)]
pub struct Ctx {
    /// The database.
    pub db: PgPool,
    /// Where the use of commands is recorded.
    pub usage: Recorder,
    /// Who may act.
    pub access: Arc<Access>,
    /// How people are told of incidents.
    pub rules: Arc<Rules>,
    /// What holds for whoever said nothing of how they want to be told.
    pub defaults: Arc<Defaults>,
    /// Whether what PagerDuty must do reaches it.
    pub pagerduty: bool,
    /// The same for GitHub.
    pub github: bool,
    /// Where people sign in at GitHub, where they may.
    pub github_door: Option<Arc<Door>>,
    pub(crate) shared: Arc<Shared>,
}

/// What all answers share, so that many at once cost little more than one.
pub(crate) struct Shared {
    generation: Batch<(), Generation>,
    /// Where the generation is read, which every answer waits for.
    spare: Spare,
    pub(crate) ages: Ages,
    pub(crate) ages_read: Batch<(), Fresh>,
    pub(crate) holders: Kept<Digested, Rights, Holding>,
    pub(crate) holders_read: Batch<Digested, Holder>,
    pub(crate) accounts: Kept<(String, String), Rights, Proven>,
    pub(crate) accounts_read: Batch<(String, String), (Account, Person)>,
    pub(crate) names_read: Batch<String, Vec<String>>,
    pub(crate) entities_read: Batch<String, Arc<entity::Facts>>,
    pub(crate) oncall: Together,
    pub(crate) answers: Answers,
    pub(crate) searches: Semaphore,
    pub(crate) counted: Counted,
}

/// Bytes of answers that are kept: those about 20,000 entities, at some six thousand each with their buttons. Fewer would be worse than
/// they look: who asks for everything in turn finds nothing where the oldest go just before they are asked for again.
const ANSWERS: usize = 192 * 1024 * 1024;

/// Bytes of accounts and of tokens that are kept.
const RIGHTS: usize = 4 * 1024 * 1024;

/// How many may search at a time.
const SEARCHES: usize = 4;

impl Shared {
    fn over(db: &PgPool) -> Self {
        Self {
            generation: Batch::default(),
            spare: Spare::over(db, []),
            ages: Ages::default(),
            ages_read: Batch::default(),
            holders: Kept::new(RIGHTS),
            holders_read: Batch::default(),
            accounts: Kept::new(RIGHTS),
            accounts_read: Batch::default(),
            names_read: Batch::default(),
            entities_read: Batch::default(),
            oncall: Together::default(),
            answers: Kept::new(ANSWERS),
            searches: Semaphore::new(SEARCHES),
            counted: Counted::default(),
        }
    }

    async fn read_generation(&self) -> sqlx::Result<Generation> {
        loop {
            let mut taken = self.spare.take().await?;
            let read = Generation::now(&mut taken.db).await;
            if self.spare.settle(taken, &read) {
                return read;
            }
        }
    }
}

impl Ctx {
    /// A context over this database, with the policies that the program comes with, and without administrators.
    pub fn new(db: PgPool, usage: Recorder) -> Self {
        Self {
            shared: Arc::new(Shared::over(&db)),
            db,
            usage,
            access: Arc::default(),
            rules: Arc::default(),
            defaults: Arc::default(),
            pagerduty: false,
            github: false,
            github_door: None,
        }
    }

    /// The same over other connections to the same database.
    pub fn over(self, db: PgPool) -> Self {
        Self { db, ..self }
    }

    /// The same where access is decided like this.
    pub fn governed(self, access: Access) -> Self {
        Self { access: Arc::new(access), ..self }
    }

    /// The same where people are told of incidents like this.
    pub fn telling(self, rules: Rules) -> Self {
        Self { rules: Arc::new(rules), ..self }
    }

    /// The same where this holds for whoever said nothing of how they want to be told.
    pub fn assuming(self, defaults: Defaults) -> Self {
        Self { defaults: Arc::new(defaults), ..self }
    }

    /// The same where errands to PagerDuty, and to GitHub, are carried out, or are not.
    pub fn reaching(self, pagerduty: bool, github: bool) -> Self {
        Self { pagerduty, github, ..self }
    }

    /// The same where people may sign in at GitHub.
    pub fn linking(self, door: Option<Arc<Door>>) -> Self {
        Self { github_door: door, ..self }
    }

    /// The generation of everything that is known, no older than the call.
    pub async fn generation(&self) -> Result<Generation, Failure> {
        let read = |_| async { Ok(HashMap::from([((), self.shared.read_generation().await?)])) };
        let found = self.shared.generation.ask((), read).await?;
        found.ok_or_else(|| Failure::Internal(anyhow::anyhow!("the database tells no generation")))
    }
}
