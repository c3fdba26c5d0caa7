use cards::Text;
use clap::ValueEnum;
use console::{Ctx, Reply, UserError, link};
use domain::account::Platform;
use domain::person::Person;

use crate::Request;

/// The arguments of `link`.
#[derive(clap::Args, Debug)]
pub struct Link {
    /// What to link
    #[arg(ignore_case = true)]
    what: Place,
    /// Take back every token that you have
    #[arg(long)]
    revoke: bool,
}

/// What can be linked.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A terminal, by a personal token
    Terminal,
}

impl Link {
    pub(crate) async fn run(self, ctx: &Ctx, asker: &Person, request: &Request) -> Reply {
        match (self.what, self.revoke) {
            (Place::Terminal, true) => link::revoke(ctx, asker, request.id).await,
            // A token that could make another one would never end.
            (Place::Terminal, false) if request.platform == Platform::Terminal => Err(UserError::new(
                "Ask for a token in chat",
                Text::plain("Type ").then(Text::code("/pin link terminal")).then(" in Slack."),
            )
            .into()),
            (Place::Terminal, false) => link::terminal(ctx, asker, request.id).await,
        }
    }
}
