//! Which pull requests there are; those that changed since they were read are read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::TimeDelta;
use domain::PgPool;
use domain::delivery::Source;
use domain::github::{ReadPart as Part, Readable, Reading, ToRead, to_read};
use domain::tick::Tick;
use integrations::github::{Brief, GitHubError};

use super::github::{Found, GitHub, Stop, held};
use super::github_event;

/// How far back the first reading looks for pull requests that are over.
const SEED: TimeDelta = TimeDelta::days(7);

/// Readings overlap by this, since GitHub's lists may lag.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// Pull requests that are read and written at a time, so that a first reading that is cut off goes on where it was.
const BATCH: usize = 200;

pub(super) async fn read(github: &GitHub, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let moment = github.moment().await?;
    let last = Reading::of(db, Part::PullRequests).await?.and_then(|it| it.moment);
    let since = last.map_or(moment - SEED, |it| it - OVERLAP);
    let repositories = Readable::all(db).await?;
    let installations: BTreeSet<i64> = repositories.iter().map(|it| it.installation_id).collect();
    let known = ToRead::open(db).await?;
    let mut found = Found::default();
    for installation in installations {
        let here: Vec<&Readable> = repositories.iter().filter(|it| it.installation_id == installation).collect();
        let ids: Vec<String> = here.iter().map(|it| it.node_id.clone()).collect();
        let listed = github.client.briefly(installation, (&ids, since)).await?;
        found.read += listed.iter().map(|it| it.open.len()).sum::<usize>();
        let told: BTreeSet<&str> = listed.iter().map(|it| it.repository.as_str()).collect();
        let told: BTreeSet<i64> = here.iter().filter(|it| told.contains(it.node_id.as_str())).map(|it| it.id).collect();
        let briefs: Vec<&Brief> = listed.iter().flat_map(|it| it.open.iter().chain(&it.over)).collect();
        let ours: Vec<&ToRead> = known.iter().filter(|it| told.contains(&it.repository_id)).collect();
        let wanted = wanted(db, &briefs, &ours).await?;
        for some in wanted.chunks(BATCH) {
            found.changed += take(github, (db, tick), (installation, some)).await?;
        }
    }
    let mut transaction = held(db, tick).await?;
    to_read::forget(&mut *transaction).await?;
    Reading::good(&mut *transaction, Part::PullRequests, Some(moment)).await?;
    transaction.commit().await?;
    Ok(found)
}

/// Those that changed since they were read, those whose checks come to something else than we know, and those that we take for
/// open and that are not listed any more.
async fn wanted(db: &PgPool, listed: &[&Brief], known: &[&ToRead]) -> Result<Vec<String>, Stop> {
    let ids: Vec<i64> = listed.iter().map(|it| it.id).collect();
    let read = to_read::read(db, &ids).await?;
    let ours: HashMap<i64, &ToRead> = known.iter().map(|it| (it.id, *it)).collect();
    let differs = |it: &&&Brief| {
        read.get(&it.id) != Some(&it.updated_at) || ours.get(&it.id).is_some_and(|ours| other_checks(it, ours))
    };
    let mut wanted: BTreeMap<i64, String> =
        listed.iter().filter(differs).map(|it| (it.id, it.node_id.clone())).collect();
    let listed: BTreeSet<i64> = ids.into_iter().collect();
    wanted.extend(known.iter().filter(|it| !listed.contains(&it.id)).map(|it| (it.id, it.node_id.clone())));
    Ok(wanted.into_values().collect())
}

/// Whether its checks come to something else than ours; that one is expected says nothing about those that are there.
fn other_checks(it: &Brief, ours: &ToRead) -> bool {
    match it.checks() {
        Some("FAILURE" | "ERROR") => !ours.failed,
        Some("PENDING") => ours.failed || !ours.pending,
        Some("SUCCESS") => ours.failed || ours.pending,
        _ => false,
    }
}

/// Reads these pull requests, and stores those that differ from what is known; how many these are.
pub(super) async fn take(
    github: &GitHub,
    (db, tick): (&PgPool, &Tick),
    (installation, ids): (i64, &[String]),
) -> Result<u64, Stop> {
    let read = github.client.pulls(installation, ids).await?;
    if read.found.is_empty() && !read.unread.is_empty() {
        return Err(GitHubError::Malformed("no pull request can be read".into()).into());
    }
    let mut transaction = held(db, tick).await?;
    let changed = github_event::store(&mut transaction, &read.found).await?;
    github_event::note(&mut transaction, &read.found).await?;
    transaction.commit().await?;
    console::inbox::wake([Source::Github]);
    Ok(changed)
}
