use clap::ValueEnum;
use console::act::{self, Asker, Deed, Seen};
use console::{Ctx, Reply};
use serde_json::Value;
use uuid::Uuid;

/// The arguments of `outbox`.
#[derive(clap::Args, Debug)]
pub struct Outbox {
    /// What to do; left out, see which messages nobody got
    #[arg(ignore_case = true, requires = "id")]
    pub(crate) what: Option<OutboxVerb>,
    /// Which message, by its id
    id: Option<Uuid>,
}

/// What can be done about a message.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboxVerb {
    /// Send it again
    Retry,
}

impl Outbox {
    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        match (self.what, self.id) {
            (Some(OutboxVerb::Retry), Some(id)) => {
                act::review(ctx, asker, &Deed::RetryMessage(id), (Seen::Now, &Value::Null)).await
            }
            (Some(OutboxVerb::Retry), None) | (None, _) => act::message::list(ctx, asker).await,
        }
    }
}
