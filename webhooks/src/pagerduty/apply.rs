use console::Ctx;
use console::pagerduty::What;
use domain::PgConnection;
use domain::delivery::Claimed;

use super::{event, poll};
use crate::apply::Applied;
use crate::zeros::without_zeros;

/// Applies an event of PagerDuty, or what reading its API told.
pub(crate) async fn apply(ctx: &Ctx, db: &mut PgConnection, claimed: &Claimed) -> anyhow::Result<Applied> {
    let body = without_zeros(&claimed.body);
    match claimed.external_id.starts_with(super::OURS) {
        true => match What::of(&claimed.event) {
            Some(what) => poll::apply(ctx, db, claimed, (what, &body)).await,
            None => Ok(Applied::Unparsed(format!("nothing is read that is called {}", claimed.event))),
        },
        false => event::apply(ctx, db, claimed, &body).await,
    }
}
