use console::{Ctx, Reply, pull};

/// The arguments of `pr`.
#[derive(clap::Args, Debug)]
pub struct Pr {
    /// A pull request: its address at GitHub, owner/name#number, name#number, or its number
    #[arg(required = true)]
    words: Vec<String>,
    /// Which page of what happened to it
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) page: Option<u32>,
}

impl Pr {
    pub(crate) async fn run(self, ctx: &Ctx) -> Reply {
        pull::answer(ctx, &self.words.join(" "), self.page.unwrap_or(1)).await
    }
}
