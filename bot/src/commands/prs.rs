use console::pull::list::Part;
use console::{Ctx, Reply, pull};
use domain::person::Person;

/// The arguments of `prs`.
#[derive(clap::Args, Debug)]
pub struct Prs {
    /// me, all, or a person, team, repository or service; left out, yours
    words: Vec<String>,
    /// See who of a team has how much to review instead
    #[arg(long, conflicts_with = "page")]
    load: bool,
    /// List those that you snoozed or passed on, too
    #[arg(long, conflicts_with = "load")]
    all: bool,
    /// Which page of the list
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) page: Option<u32>,
}

impl Prs {
    pub(crate) async fn run(self, ctx: &Ctx, asker: &Person) -> Reply {
        let words = self.words.join(" ");
        match self.load {
            true => pull::load::answer(ctx, Some(asker), &words).await,
            false => {
                let part = Part { page: self.page.unwrap_or(1), all: self.all };
                pull::list::answer(ctx, Some(asker), &words, part).await
            }
        }
    }
}
