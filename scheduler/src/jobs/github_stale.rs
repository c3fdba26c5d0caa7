//! Whether pull requests conflict, and how many approvals they need, of those whose base or head moved: GitHub works that out only
//! when it is asked. Many at once, however many pushes there were.

use std::collections::BTreeMap;

use domain::PgPool;
use domain::delivery::Source;
use domain::github::{Mergeable, ReadPart as Part, Reading, ToRead};
use domain::tick::Tick;

use super::github::{Found, GitHub, Stop, held};
use super::github_event;

/// Pull requests of one run; the next is a minute later.
const MOST: i64 = 500;

/// How often GitHub is asked again about one of which it does not know yet.
const AGAIN: usize = 2;

pub(super) async fn read(github: &GitHub, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let stale = ToRead::stale(db, MOST).await?;
    let mut found = Found { read: stale.len(), changed: 0 };
    if stale.is_empty() {
        return Ok(found);
    }
    // So that what is read is from a moment that is known.
    github.moment().await?;
    let mut left: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for it in stale {
        left.entry(it.installation_id).or_default().push(it.node_id);
    }
    for turn in 0..=AGAIN {
        if turn > 0 {
            tokio::time::sleep(github.thought).await;
        }
        let mut thinks = BTreeMap::new();
        for (installation, ids) in &left {
            let (changed, unknown) = turn_of(github, (db, tick), (*installation, ids), turn == AGAIN).await?;
            found.changed += changed;
            if !unknown.is_empty() {
                thinks.insert(*installation, unknown);
            }
        }
        left = thinks;
        if left.is_empty() {
            break;
        }
    }
    let mut transaction = held(db, tick).await?;
    Reading::good(&mut *transaction, Part::Mergeability, github.client.clock()).await?;
    transaction.commit().await?;
    Ok(found)
}

/// Asks once; how many changed, and those of which GitHub does not know yet. These are only stored at last.
async fn turn_of(
    github: &GitHub,
    (db, tick): (&PgPool, &Tick),
    (installation, ids): (i64, &[String]),
    last: bool,
) -> Result<(u64, Vec<String>), Stop> {
    let read = github.client.pulls(installation, ids).await?;
    let (unknown, known): (Vec<_>, Vec<_>) =
        read.found.into_iter().partition(|it| it.mergeable == Mergeable::Unknown && it.closed_at.is_none() && !last);
    let mut transaction = held(db, tick).await?;
    let changed = github_event::store(&mut transaction, &known).await?;
    github_event::note(&mut transaction, &known).await?;
    transaction.commit().await?;
    console::inbox::wake([Source::Github]);
    Ok((changed, unknown.into_iter().map(|it| it.node_id).collect()))
}
