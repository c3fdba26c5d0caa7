use console::act::{self, Asker};
use console::{Ctx, Reply};

use super::typed::typed;

/// The arguments of `override`.
#[derive(clap::Args, Debug)]
pub struct OverrideCommand {
    /// The schedule, by name
    schedule: String,
    /// From when, such as 18:00, "tomorrow 9:00" or now
    from: String,
    /// Until when, such as 22:00 or +4h
    to: String,
    /// Who takes it, by login; left out, you
    person: Option<String>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

impl OverrideCommand {
    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        let deed = act::turn::schedule(ctx, &self.schedule).await?;
        let (person, reason) = (self.person.unwrap_or_default(), self.reason.unwrap_or_default());
        let answers = vec![("from", self.from), ("to", self.to), ("person", person), ("reason", reason)];
        typed(ctx, asker, &deed, (answers, "override")).await
    }
}
