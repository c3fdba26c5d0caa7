use clap::builder::PossibleValuesParser;
use console::act::Asker;
use console::subscriptions::{self, Room, Typed};
use console::{Ctx, Reply};

/// The arguments of `subscribe`.
#[derive(clap::Args, Debug)]
pub struct Subscribe {
    /// A repository, team or service; a team means the repositories of all that it owns
    what: String,
    /// Of which events; left out, opened, reviews, merged and closed
    #[arg(ignore_case = true, value_parser = PossibleValuesParser::new(subscriptions::events()))]
    events: Vec<String>,
    /// Only with this label; again for another one, of which any is enough
    #[arg(long)]
    label: Vec<String>,
    /// Only what this person opened, by login here or at GitHub; again for another one
    #[arg(long)]
    author: Vec<String>,
    /// Drafts, too
    #[arg(long)]
    draft: bool,
    /// What programs open and say, too
    #[arg(long)]
    bots: bool,
    /// Of checks only those that fail; alone, nothing but that
    #[arg(long)]
    failures_only: bool,
    /// Another channel than the one where you type, by its id
    #[arg(long)]
    channel: Option<String>,
}

impl Subscribe {
    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>, place: Option<&Room>) -> Reply {
        let typed = Typed {
            words: self.what,
            events: self.events,
            labels: self.label,
            authors: self.author,
            drafts: self.draft,
            bots: self.bots,
            failures_only: self.failures_only,
            channel: self.channel,
        };
        subscriptions::subscribe(ctx, asker, (place, typed)).await
    }
}

/// The arguments of `unsubscribe`.
#[derive(clap::Args, Debug)]
pub struct Unsubscribe {
    /// What the channel is subscribed to
    #[arg(required = true)]
    what: Vec<String>,
    /// Another channel than the one where you type, by its id
    #[arg(long)]
    channel: Option<String>,
}

impl Unsubscribe {
    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>, place: Option<&Room>) -> Reply {
        subscriptions::unsubscribe(ctx, asker, (place, &self.what.join(" "), self.channel.as_deref())).await
    }
}

/// The arguments of `subscriptions`.
#[derive(clap::Args, Debug)]
pub struct Subscriptions {
    /// Of which channel, by its id; left out, the one where you type
    channel: Option<String>,
}

impl Subscriptions {
    pub(crate) async fn run(self, ctx: &Ctx, place: Option<&Room>) -> Reply {
        subscriptions::answer(ctx, place, self.channel.as_deref()).await
    }
}
