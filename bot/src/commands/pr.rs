use console::act::{self, Asker, PullWork};
use console::{Ctx, Reply, pull};

/// The arguments of `pr`.
#[derive(clap::Args, Debug)]
pub struct Pr {
    /// A pull request: its address at GitHub, owner/name#number, name#number, or its number; before it remind, snooze or pass to do that
    #[arg(required = true)]
    words: Vec<String>,
    /// Which page of what happened to it
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) page: Option<u32>,
}

impl Pr {
    /// Whether it changes something.
    pub(crate) fn acts(&self) -> bool {
        self.work().is_some()
    }

    fn work(&self) -> Option<(PullWork, String)> {
        let (first, rest) = self.words.split_first().filter(|it| !it.1.is_empty())?;
        let work = match first.to_lowercase().as_str() {
            "remind" => PullWork::Nudge,
            "snooze" => PullWork::Snooze,
            "pass" => PullWork::Pass,
            _ => return None,
        };
        Some((work, rest.join(" ")))
    }

    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        match self.work() {
            Some((work, words)) => act::pull::ask(ctx, asker, work, &words).await,
            None => pull::answer(ctx, Some(asker.person), &self.words.join(" "), self.page.unwrap_or(1)).await,
        }
    }
}
