use std::collections::HashSet;

use console::Ctx;
use console::pagerduty::What;
use domain::PgConnection;
use domain::delivery::Claimed;

use super::matter::Matter;
use super::wave::Wave;
use super::{event, poll};
use crate::apply::Applied;
use crate::zeros::without_zeros;

/// Applies events of PagerDuty, and what reading its API told: all at once, as long as each is about another incident.
pub(crate) async fn apply(ctx: &Ctx, db: &mut PgConnection, events: &[Claimed]) -> anyhow::Result<Vec<Applied>> {
    let matters: Vec<Matter<'_>> = events.iter().map(matter).collect();
    let (mut applied, mut rest) = (Vec::new(), &matters[..]);
    while !rest.is_empty() {
        let (wave, later) = rest.split_at(first(rest));
        applied.extend(Wave::apply(ctx, db, wave).await?);
        rest = later;
    }
    Ok(applied)
}

fn matter(claimed: &Claimed) -> Matter<'_> {
    let body = without_zeros(&claimed.body);
    match claimed.external_id.starts_with(super::OURS) {
        true => match What::of(&claimed.event) {
            Some(what) => poll::matter(claimed, what, &body),
            None => Matter::Unclear(format!("nothing is read that is called {}", claimed.event)),
        },
        false => event::matter(claimed, &body),
    }
}

/// How many of the first of these are about one incident each.
fn first(matters: &[Matter<'_>]) -> usize {
    let mut seen = HashSet::new();
    let again = matters.iter().position(|it| it.incident().is_some_and(|id| !seen.insert(id)));
    again.unwrap_or(matters.len())
}
