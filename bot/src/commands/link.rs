use clap::ValueEnum;
use console::{Ctx, Reply, link};
use domain::person::Person;
use uuid::Uuid;

/// The arguments of `link`.
#[derive(clap::Args, Debug)]
pub struct Link {
    /// What to link
    #[arg(ignore_case = true)]
    what: Place,
}

/// What can be linked.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A terminal, by a personal token
    Terminal,
}

impl Link {
    pub(crate) async fn run(self, ctx: &Ctx, asker: &Person, request: Uuid) -> Reply {
        match self.what {
            Place::Terminal => link::terminal(ctx, asker, request).await,
        }
    }
}
