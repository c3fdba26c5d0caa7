//! Forgetting what is old, a bounded piece at a time.

use chrono::{TimeDelta, Utc};
use domain::confirmation::Confirmation;
use domain::incidents::Shift;
use domain::incidents::errand::Errand;
use domain::intent::Intent;
use domain::linking::Linking;
use domain::request::Request;
use domain::tick::Outcome;
use domain::token::Token;
use domain::{PgPool, tick_history};
use futures::future::BoxFuture;

/// How long it can be told that a button or a question is over.
const WEEK: TimeDelta = TimeDelta::weeks(1);

/// Something that is kept in bounds: how many rows went.
#[derive(Clone)]
pub struct Sweep {
    name: &'static str,
    work: std::sync::Arc<dyn Fn(PgPool) -> BoxFuture<'static, anyhow::Result<u64>> + Send + Sync>,
}

impl Sweep {
    /// Keeps what the name says in bounds.
    pub fn new<F>(name: &'static str, work: impl Fn(PgPool) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = anyhow::Result<u64>> + Send + 'static,
    {
        Self { name, work: std::sync::Arc::new(move |db| Box::pin(work(db))) }
    }

    /// What the program itself keeps in bounds.
    pub fn own() -> Vec<Self> {
        vec![
            Self::new("runs", async |db: PgPool| Ok(tick_history::forget(&db).await?)),
            Self::new("tokens", async |db: PgPool| Ok(Token::forget(&db).await?)),
            Self::new("requests", async |db: PgPool| Ok(Request::forget(&db).await?)),
            Self::new("confirmations", async |db: PgPool| Ok(Confirmation::forget(&db, Utc::now() - WEEK).await?)),
            Self::new("links", async |db: PgPool| Ok(Linking::forget(&db).await?)),
            Self::new("handovers", async |db: PgPool| Ok(Shift::forget_told(&db, Utc::now() - WEEK).await?)),
            Self::new("intents", async |db: PgPool| Ok(Intent::forget(&db, Utc::now() - WEEK).await?)),
            Self::new("errands", async |db: PgPool| Ok(Errand::forget(&db, Utc::now() - WEEK).await?)),
        ]
    }
}

/// Does each in turn; one that fails does not keep the others from it.
pub(super) async fn sweep(db: &PgPool, sweeps: &[Sweep]) -> (Outcome, String) {
    let (mut gone, mut failed) = (Vec::new(), Vec::new());
    for sweep in sweeps {
        match (sweep.work)(db.clone()).await {
            Ok(0) => {}
            Ok(count) => gone.push(format!("{count} {}", sweep.name)),
            Err(error) => {
                tracing::error!(what = sweep.name, ?error, "housekeeping failed");
                failed.push(sweep.name);
            }
        }
    }
    let forgot = if gone.is_empty() { "Nothing was old.".into() } else { format!("Forgot {}.", gone.join(", ")) };
    match failed.is_empty() {
        true => (Outcome::Done, forgot),
        false => (Outcome::Partial, format!("{forgot} Failed, as the log says: {}.", failed.join(", "))),
    }
}
