use clap::ValueEnum;
use console::act::{self, Asker, Deed, Seen};
use console::{Ctx, Reply};
use serde_json::Value;

/// The arguments of `inbox`.
#[derive(clap::Args, Debug)]
pub struct Inbox {
    /// What to do; left out, see which events were set aside or not understood
    #[arg(ignore_case = true)]
    pub(crate) what: Option<InboxVerb>,
    /// Which event, by its sender's id or ours
    #[arg(required_if_eq_any([("what", "show"), ("what", "retry"), ("what", "replay")]))]
    id: Option<String>,
}

/// What can be done about events.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboxVerb {
    /// See which were set aside or not understood
    List,
    /// See one, without its body
    Show,
    /// Try one again that was set aside or not understood
    Retry,
    /// Apply one once more, whatever came of it: the stored bytes are read again, and nothing is sent twice
    Replay,
}

impl InboxVerb {
    /// Whether it changes something.
    pub(crate) fn acts(self) -> bool {
        match self {
            Self::List | Self::Show => false,
            Self::Retry | Self::Replay => true,
        }
    }
}

impl Inbox {
    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        match (self.what, &self.id) {
            (Some(InboxVerb::Show), Some(id)) => act::delivery::show(ctx, asker, id).await,
            (Some(InboxVerb::Retry | InboxVerb::Replay), Some(id)) => {
                let deed = Deed::ReplayDelivery(act::delivery::named(ctx, asker, id).await?);
                act::review(ctx, asker, &deed, (Seen::Now, &Value::Null)).await
            }
            _ => act::delivery::list(ctx, asker).await,
        }
    }
}
