use console::{Ctx, Reply, search};

/// The arguments of `catalog`.
#[derive(clap::Args, Debug)]
pub struct Catalog {
    /// A name, words of it, or a reference such as component:default/payments-api
    #[arg(required = true)]
    words: Vec<String>,
    /// List all matches, even when one has exactly this name
    #[arg(long)]
    all: bool,
    /// Which page of the matches
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) page: Option<u32>,
}

impl Catalog {
    pub(crate) async fn run(self, ctx: &Ctx) -> Reply {
        search::answer(ctx, &self.words.join(" "), self.page.unwrap_or(1), self.all).await
    }
}
