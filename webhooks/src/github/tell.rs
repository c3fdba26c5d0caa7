use console::notify::pull;
use console::{Ctx, Failure};
use domain::PgConnection;
use domain::github::Happened;

/// Tells people of what happened to a pull request.
pub(super) async fn tell(ctx: &Ctx, db: &mut PgConnection, happened: &Happened) -> Result<(), Failure> {
    pull::tell(ctx, db, happened).await
}
