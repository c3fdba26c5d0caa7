use console::act::{self, Asker};
use console::{Ctx, Reply};

/// The arguments of `confirm` and of `cancel`.
#[derive(clap::Args, Debug)]
pub struct Code {
    /// The code on the card that asks
    code: String,
}

impl Code {
    pub(crate) async fn confirm(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        act::confirm(ctx, asker, &self.code).await
    }

    pub(crate) async fn cancel(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        act::cancel(ctx, asker, &self.code).await
    }
}
