//! Events that did not reach us: GitHub never sends one again by itself, so it is asked to.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::PgPool;
use domain::github::{Missed, Patience, ReadPart as Part, Reading, redelivery};
use domain::tick::Tick;
use integrations::github::{GitHubError, HookDelivery, KEPT};

use super::github::{Found, GitHub, Stop, held};

/// Each time it waits twice as long.
const PATIENCE: Patience = Patience { times: redelivery::TIMES, first: TimeDelta::minutes(8) };

/// Pages of failed attempts that are looked at in one run.
const MOST_PAGES: usize = 50;

/// Events that are asked for in one run. What else was missed comes in the next ones; pull requests are read meanwhile anyhow.
const MOST: usize = 300;

pub(super) async fn ask(github: &GitHub, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let now = domain::timetable::now(db).await?;
    let failed = failed(github, now - KEPT).await?;
    let mut asked_for = 0;
    for some in hurrying(&failed).chunks(MOST) {
        if asked_for >= MOST as u64 {
            break;
        }
        let missed: Vec<Missed> = some.iter().map(|it| missed(it)).collect();
        let mut transaction = held(db, tick).await?;
        let due = redelivery::due(&mut *transaction, &missed, PATIENCE).await?;
        // Counted first: one that GitHub was asked for twice is no harm, one that is asked for again and again is.
        transaction.commit().await?;
        for it in some.iter().filter(|it| due.contains(&it.guid)) {
            match github.client.send_again(it.id).await {
                Ok(()) => asked_for += 1,
                // GitHub has forgotten it, or will not; the reading makes up for it.
                Err(GitHubError::Gone | GitHubError::Refused { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    metrics::counter!("pinconsole_github_redeliveries_total").increment(asked_for);
    let mut transaction = held(db, tick).await?;
    redelivery::forget(&mut *transaction, now - KEPT).await?;
    Reading::good(&mut *transaction, Part::Deliveries, github.client.clock()).await?;
    transaction.commit().await?;
    Ok(Found { read: failed.len(), changed: asked_for })
}

/// The last failed attempt of each event since then.
async fn failed(github: &GitHub, since: DateTime<Utc>) -> Result<Vec<HookDelivery>, Stop> {
    let (mut last, mut cursor) = (BTreeMap::new(), None);
    for _ in 0..MOST_PAGES {
        let page = github.client.failed_deliveries(cursor.as_deref()).await?;
        let old = page.items.last().is_none_or(|it| it.delivered_at < since);
        for it in page.items.into_iter().filter(|it| it.delivered_at >= since) {
            last.entry(it.guid.clone()).or_insert(it);
        }
        cursor = page.next.filter(|_| !old);
        if cursor.is_none() {
            break;
        }
    }
    Ok(last.into_values().collect())
}

/// What no reading makes good goes first (who asked whom, and what was said), checks last; else the oldest.
fn hurrying(all: &[HookDelivery]) -> Vec<&HookDelivery> {
    let rank = |it: &HookDelivery| match it.event.as_str() {
        "check_run" | "check_suite" | "status" | "workflow_run" | "workflow_job" => 2,
        it if it.starts_with("pull_request") || it == "issue_comment" || it == "push" => 0,
        _ => 1,
    };
    let mut all: Vec<&HookDelivery> = all.iter().collect();
    all.sort_by_key(|it| (rank(it), it.delivered_at, it.id));
    all
}

fn missed(it: &HookDelivery) -> Missed {
    Missed { guid: it.guid.clone(), event: it.event.clone(), failed_at: it.delivered_at }
}
