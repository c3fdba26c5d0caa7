use cards::Text;
use clap::ValueEnum;
use console::{Ctx, Reply, UserError, link, link_github};
use domain::account::Platform;
use domain::person::Person;

use crate::Request;

/// The arguments of `link`.
#[derive(clap::Args, Debug)]
pub struct Link {
    /// What to link
    #[arg(ignore_case = true)]
    what: Place,
    /// Take back every token that you have; for GitHub, the same as unlink
    #[arg(long)]
    revoke: bool,
}

/// What can be linked.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A terminal, by a personal token
    Terminal,
    /// Your GitHub account, by signing in there
    Github,
}

/// The arguments of `unlink`.
#[derive(clap::Args, Debug)]
pub struct Unlink {
    /// What is no longer linked to you
    #[arg(ignore_case = true)]
    what: Place,
}

impl Link {
    pub(crate) async fn run(self, ctx: &Ctx, asker: &Person, request: &Request) -> Reply {
        match (self.what, self.revoke) {
            (what, true) => Unlink { what }.run(ctx, asker, request).await,
            // A token that could make another one would never end.
            (Place::Terminal, false) if request.platform == Platform::Terminal => Err(UserError::new(
                "Ask for a token in chat",
                Text::plain("Type ").then(Text::code("/pin link terminal")).then(" in Slack."),
            )
            .into()),
            (Place::Terminal, false) => link::terminal(ctx, asker, request.id).await,
            (Place::Github, false) => link_github::begin(ctx, asker, request.id).await,
        }
    }
}

impl Unlink {
    pub(crate) async fn run(self, ctx: &Ctx, asker: &Person, request: &Request) -> Reply {
        match self.what {
            Place::Terminal => link::revoke(ctx, asker, request.id).await,
            Place::Github => link_github::unlink(ctx, asker, request.id).await,
        }
    }
}
