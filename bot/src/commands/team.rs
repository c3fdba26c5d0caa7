use console::search::{self, Scope};
use console::{Ctx, Reply, team};

/// The arguments of `team`.
#[derive(clap::Args, Debug)]
pub struct Team {
    /// The name of a group, or words of it
    #[arg(required = true)]
    words: Vec<String>,
    /// Which page of its people, or of the matches
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) page: Option<u32>,
}

impl Team {
    /// The group with exactly this name, or which alone the words find; else every group that they find.
    pub(crate) async fn run(self, ctx: &Ctx) -> Reply {
        let (words, page) = (self.words.join(" "), self.page.unwrap_or(1));
        let name = words.trim_start_matches('@').trim_start_matches("group:").replace(' ', "-");
        if let Some(view) = team::load(ctx, &name, page).await? {
            return Ok(team::card(&view));
        }
        let found = search::load(ctx, &words, Scope::Groups, page).await?;
        match found.only() {
            Some(name) => match team::load(ctx, name, 1).await? {
                Some(view) => Ok(team::card(&view)),
                None => Ok(search::card(&found)),
            },
            None => Ok(search::card(&found)),
        }
    }
}
