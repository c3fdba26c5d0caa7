use console::search::{self, Scope};
use console::{Ctx, Reply, person};

/// The arguments of `person`.
#[derive(clap::Args, Debug)]
pub struct PersonQuery {
    /// A login, a name, an e-mail address, or a part of one
    #[arg(required = true)]
    words: Vec<String>,
    /// Which page of the matches
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) page: Option<u32>,
}

impl PersonQuery {
    /// The person with exactly this login, or whom alone the words find; else everybody whom they find.
    pub(crate) async fn run(self, ctx: &Ctx) -> Reply {
        let words = self.words.join(" ");
        let login = words.trim_start_matches('@').trim_start_matches("user:");
        if self.page.is_none()
            && let Some(view) = person::load(ctx, login).await?
        {
            return Ok(person::card(&view));
        }
        let found = search::load(ctx, &words, Scope::People, self.page.unwrap_or(1)).await?;
        match found.only() {
            Some(name) => match person::load(ctx, name).await? {
                Some(view) => Ok(person::card(&view)),
                None => Ok(search::card(&found)),
            },
            None => Ok(search::card(&found)),
        }
    }
}
