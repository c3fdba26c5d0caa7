use clap::ValueEnum;
use console::act::{self, Asker, Deed, Seen};
use console::{Ctx, Reply};
use serde_json::Value;

/// The arguments of `sync`.
#[derive(clap::Args, Debug)]
pub struct Sync {
    /// What to do; left out, only see how the last reading went
    #[arg(ignore_case = true)]
    pub(crate) what: Option<SyncVerb>,
}

/// What can be done about a sync.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncVerb {
    /// Accept the plan that the brake stopped, once you have seen it
    Accept,
}

impl Sync {
    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        match self.what {
            None => act::sync::card(ctx).await,
            Some(SyncVerb::Accept) => act::review(ctx, asker, &Deed::AcceptSync, (Seen::Now, &Value::Null)).await,
        }
    }
}
