//! Where the app is installed, and which repositories it may see there.

use chrono::{DateTime, Utc};
use domain::PgPool;
use domain::github::{Installed, NamedRepository, Names, ReadPart as Part, Readable, Reading, mark, repository};
use domain::tick::Tick;
use integrations::github::{Installation, Listed, RestRepository};

use super::github::{Found, GitHub, Stop, held};

pub(super) async fn read(github: &GitHub, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let moment = github.moment().await?;
    let installed = installations(github, db, tick).await?;
    let mut found = Found::default();
    for it in installed.iter().filter(|it| !it.suspended) {
        let one = of(github, (db, tick), (it.id, moment)).await?;
        found = Found { read: found.read + one.read, changed: found.changed + one.changed };
    }
    let mut transaction = held(db, tick).await?;
    Reading::good(&mut *transaction, Part::Repositories, Some(moment)).await?;
    transaction.commit().await?;
    Ok(found)
}

/// Where it is installed now.
async fn installations(github: &GitHub, db: &PgPool, tick: &Tick) -> Result<Vec<Installed>, Stop> {
    const LIST: &str = "installations";
    let marks = mark::of(db, LIST).await?;
    let Listed::Whole { items, etags } = github.client.installations(&marks).await? else {
        return Ok(Installed::all(db).await?);
    };
    let all: Vec<Installed> = items.into_iter().map(installed).collect();
    let mut transaction = held(db, tick).await?;
    Installed::write(&mut *transaction, &all).await?;
    mark::keep(&mut *transaction, LIST, &etags).await?;
    transaction.commit().await?;
    Ok(all)
}

fn installed(it: Installation) -> Installed {
    let (organization, suspended) = (it.account.kind == "Organization", it.suspended_at.is_some());
    Installed { id: it.id, login: it.account.login, organization, suspended }
}

/// The repositories of an installation.
async fn of(
    github: &GitHub,
    (db, tick): (&PgPool, &Tick),
    (installation, moment): (i64, DateTime<Utc>),
) -> Result<Found, Stop> {
    let list = format!("repositories:{installation}");
    let marks = mark::of(db, &list).await?;
    let known = Readable::through(db, installation).await?;
    let Listed::Whole { items, etags } = github.client.repositories(installation, &marks).await? else {
        return Ok(Found { read: known.len(), changed: 0 });
    };
    // An empty list is never believed: who may see nothing at all was more likely given no permission.
    let gone: Vec<i64> = match items.is_empty() {
        true => Vec::new(),
        false => known.iter().copied().filter(|id| !items.iter().any(|it| it.id == *id)).collect(),
    };
    let fresh = items.iter().filter(|it| !known.contains(&it.id)).count();
    let mut transaction = held(db, tick).await?;
    let repositories = items.iter().map(|it| named(it, installation)).collect();
    Names { repositories, ..Names::default() }.write(&mut transaction, moment).await?;
    for id in &gone {
        repository::gone(&mut *transaction, *id, moment).await?;
    }
    mark::keep(&mut *transaction, &list, &etags).await?;
    transaction.commit().await?;
    Ok(Found { read: items.len(), changed: (fresh + gone.len()) as u64 })
}

fn named(it: &RestRepository, installation: i64) -> NamedRepository {
    NamedRepository {
        id: it.id,
        name: it.full_name.clone(),
        node_id: Some(it.node_id.clone()),
        default_branch: it.default_branch.clone(),
        url: it.html_url.clone(),
        private: Some(it.private),
        archived: Some(it.archived),
        installation_id: Some(installation),
    }
}
