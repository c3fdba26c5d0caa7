use std::collections::HashMap;

use console::Ctx;
use console::pagerduty::What;
use domain::PgConnection;
use domain::delivery::Claimed;

use super::matter::Matter;
use super::wave::Wave;
use super::{event, poll};
use crate::apply::Applied;
use crate::zeros::without_zeros;

/// Applies events of PagerDuty, and what reading its API told: in waves, in each of which every event is about another incident.
pub(crate) async fn apply(ctx: &Ctx, db: &mut PgConnection, events: &[Claimed]) -> anyhow::Result<Vec<Applied>> {
    let matters: Vec<Matter<'_>> = events.iter().map(matter).collect();
    let waves = waves(&matters);
    let mut applied: Vec<Option<Applied>> = matters.iter().map(|_| None).collect();
    let mut matters: Vec<Option<Matter<'_>>> = matters.into_iter().map(Some).collect();
    for wave in waves {
        let together: Vec<Matter<'_>> = wave.iter().filter_map(|it| matters[*it].take()).collect();
        for (place, outcome) in wave.into_iter().zip(Wave::apply(ctx, db, &together).await?) {
            applied[place] = Some(outcome);
        }
    }
    Ok(applied.into_iter().flatten().collect())
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

/// The places of events by how many of their incident come before them.
fn waves(matters: &[Matter<'_>]) -> Vec<Vec<usize>> {
    let (mut waves, mut seen): (Vec<Vec<usize>>, HashMap<&str, usize>) = (Vec::new(), HashMap::new());
    for (place, it) in matters.iter().enumerate() {
        let before = it.incident().map_or(0, |id| {
            let seen = seen.entry(id).or_default();
            *seen += 1;
            *seen - 1
        });
        if waves.len() <= before {
            waves.push(Vec::new());
        }
        waves[before].push(place);
    }
    waves
}
