use console::{Ctx, Reply, whoami};
use domain::person::Person;

/// `whoami` has no arguments.
#[derive(clap::Args, Debug)]
pub struct Whoami {}

impl Whoami {
    pub(crate) async fn run(ctx: &Ctx, asker: &Person) -> Reply {
        Ok(whoami::card(&whoami::load(ctx, asker).await?))
    }
}
