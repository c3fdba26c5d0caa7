//! Teams, and who is in them.

use chrono::{DateTime, Utc};
use domain::PgPool;
use domain::github::{Installed, NamedActor, NamedTeam, Names, ReadPart as Part, Reading, mark, team, team_member};
use domain::tick::Tick;
use integrations::github::{GitHubError, Listed};

use super::github::{Found, GitHub, Stop, held};

pub(super) async fn read(github: &GitHub, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let moment = github.moment().await?;
    let mut found = Found::default();
    for it in Installed::all(db).await?.into_iter().filter(|it| it.organization && !it.suspended) {
        let teams = teams(github, (db, tick), (&it, moment)).await?;
        found.read += teams.len();
        for team in teams {
            found.changed += members(github, (db, tick), (&it, &team, moment)).await?;
        }
    }
    let mut transaction = held(db, tick).await?;
    Reading::good(&mut *transaction, Part::Teams, Some(moment)).await?;
    transaction.commit().await?;
    Ok(found)
}

/// The teams of an organization.
async fn teams(
    github: &GitHub,
    (db, tick): (&PgPool, &Tick),
    (of, moment): (&Installed, DateTime<Utc>),
) -> Result<Vec<team::Present>, Stop> {
    let list = format!("teams:{}", of.id);
    let marks = mark::of(db, &list).await?;
    let known = team::present(db, &of.login).await?;
    let Listed::Whole { items, etags } = github.client.teams(of.id, &of.login, &marks).await? else {
        return Ok(known);
    };
    let named = items.iter().map(|it| NamedTeam {
        id: it.id,
        organization: of.login.clone(),
        slug: it.slug.clone(),
        name: it.name.clone(),
    });
    let mut transaction = held(db, tick).await?;
    Names { teams: named.collect(), ..Names::default() }.write(&mut transaction, moment).await?;
    // An empty list is never believed.
    for it in known.iter().filter(|it| !items.is_empty() && !items.iter().any(|found| found.id == it.id)) {
        team::gone(&mut *transaction, it.id, moment).await?;
    }
    mark::keep(&mut *transaction, &list, &etags).await?;
    transaction.commit().await?;
    Ok(items.into_iter().map(|it| team::Present { id: it.id, slug: it.slug }).collect())
}

/// Who is in a team; how many came or went.
async fn members(
    github: &GitHub,
    (db, tick): (&PgPool, &Tick),
    (of, team, moment): (&Installed, &team::Present, DateTime<Utc>),
) -> Result<u64, Stop> {
    let list = format!("members:{}", team.id);
    let marks = mark::of(db, &list).await?;
    let (items, etags) = match github.client.members(of.id, (&of.login, &team.slug), &marks).await {
        Ok(Listed::Whole { items, etags }) => (items, etags),
        Ok(Listed::Same) => return Ok(0),
        // It was removed, or renamed, since the teams were read.
        Err(GitHubError::Gone) => return Ok(0),
        Err(error) => return Err(error.into()),
    };
    let actors = items.iter().map(|it| NamedActor { id: it.id, login: it.login.clone(), kind: it.kind.clone() });
    let ids: Vec<i64> = items.iter().map(|it| it.id).collect();
    let mut transaction = held(db, tick).await?;
    Names { actors: actors.collect(), ..Names::default() }.write(&mut transaction, moment).await?;
    let changed = team_member::write_all(&mut *transaction, team.id, (&ids, moment)).await?;
    mark::keep(&mut *transaction, &list, &etags).await?;
    transaction.commit().await?;
    Ok(changed)
}
