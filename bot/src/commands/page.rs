use console::act::{self, Asker};
use console::{Ctx, Reply};

use super::typed::typed;

/// The arguments of `page`.
#[derive(clap::Args, Debug)]
pub struct PageCommand {
    /// What is broken: a service or a team, by name or reference
    what: String,
    /// What is wrong
    #[arg(required = true)]
    message: Vec<String>,
}

impl PageCommand {
    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        let deed = act::page::callee(ctx, &self.what).await?;
        typed(ctx, asker, &deed, (vec![("message", self.message.join(" "))], "page")).await
    }
}
