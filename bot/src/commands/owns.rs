use console::{Ctx, Reply, owns};

/// The arguments of `owns`.
#[derive(clap::Args, Debug)]
pub struct Owns {
    /// A person or a team, by name or by words of it
    #[arg(required = true)]
    who: Vec<String>,
    /// Which page of the list
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) page: Option<u32>,
}

impl Owns {
    pub(crate) async fn run(self, ctx: &Ctx) -> Reply {
        let owner = owns::owner(ctx, &self.who.join(" ")).await?;
        Ok(owns::card(&owns::load(ctx, &owner, self.page.unwrap_or(1)).await?))
    }
}
