use console::{Ctx, Reply};
use domain::person::Person;
use uuid::Uuid;

/// The arguments of `why`.
#[derive(clap::Args, Debug)]
pub struct Why {
    /// Which message, by its id; left out, the last one that you got directly
    id: Option<Uuid>,
    /// See only what makes messages like it less
    #[arg(long)]
    less: bool,
}

impl Why {
    pub(crate) async fn run(self, ctx: &Ctx, asker: &Person) -> Reply {
        match self.less {
            true => console::why::less(ctx, asker, self.id).await,
            false => console::why::answer(ctx, asker, self.id).await,
        }
    }
}
