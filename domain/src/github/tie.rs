//! Which team of GitHub's is which group of the directory.

use std::collections::{BTreeMap, HashMap};

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::{Team, people};

/// How a team and a group are known to be the same, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// The group says so in the catalog, by `github.com/team-slug`.
    Annotation,
    /// They are called the same.
    Name,
    /// Most members of either are in the other.
    Members,
}

impl How {
    /// How people read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Annotation => "by annotation",
            Self::Name => "by name",
            Self::Members => "by its members",
        }
    }
}

/// A group that a team is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tied {
    /// The directory's id of the group.
    pub id: Uuid,
    /// Its entity name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// How that is known.
    pub how: How,
}

/// Of fewer than so many people, nothing follows from their being in both.
const FEW: i64 = 2;

/// The groups that each of these teams is: those that name it or that it is called like, else the one in which most of its members are and
/// whose members are mostly in it.
pub async fn groups_of_team(db: &mut PgConnection, teams: &[i64]) -> sqlx::Result<HashMap<i64, Vec<Tied>>> {
    let mut found: HashMap<i64, Vec<Tied>> = HashMap::new();
    let rows = sqlx::query!(
        r#"select t.team_id as "team!", t.how as "how!", g.id, g.name, g.display_name
         from github.named_tie t join org."group" g on g.id = t.group_id where t.team_id = any($1) order by g.ref"#,
        teams
    );
    for it in rows.fetch_all(&mut *db).await? {
        let how = if it.how == "annotation" { How::Annotation } else { How::Name };
        found.entry(it.team).or_default().push(Tied { id: it.id, name: it.name, display_name: it.display_name, how });
    }
    let others: Vec<i64> = teams.iter().copied().filter(|it| !found.contains_key(it)).collect();
    for (team, tied) in by_members(db, &others).await? {
        found.entry(team).or_default().push(tied);
    }
    Ok(found)
}

/// The group in which more than half of a team's people are, and more than half of whose people are in the team; the one with the most
/// of them where there are several, and none that is tied by name to another team.
async fn by_members(db: impl PgExecutor<'_>, teams: &[i64]) -> sqlx::Result<Vec<(i64, Tied)>> {
    if teams.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"with person as (
            select m.team_id, o.person_id from github.team_member m
            join github.team t on t.id = m.team_id and t.gone_at is null
            join github.owner o on o.actor_id = m.actor_id and o.person_id is not null
            where m.team_id = any($1) and m.gone_at is null
            group by m.team_id, o.person_id
         ), team as (
            select m.team_id, count(*) as size from github.team_member m
            where m.team_id = any($1) and m.gone_at is null group by m.team_id
         ), shared as (
            select person.team_id, m.group_id, count(*) as common
            from person join org.membership m on m.person_id = person.person_id
            group by person.team_id, m.group_id
         )
         select distinct on (shared.team_id) shared.team_id, g.id, g.name, g.display_name
         from shared join team on team.team_id = shared.team_id
            join org."group" g on g.id = shared.group_id and g.left_at is null
         where shared.common >= $2 and 2 * shared.common > team.size
            and 2 * shared.common > (select count(*) from org.membership m where m.group_id = g.id)
            and not exists (select from github.named_tie named where named.group_id = g.id)
         order by shared.team_id, shared.common desc, g.ref"#,
        teams,
        FEW
    );
    let tied =
        rows.fetch_all(db).await?.into_iter().map(|it| {
            (it.team_id, Tied { id: it.id, name: it.name, display_name: it.display_name, how: How::Members })
        });
    Ok(tied.collect())
}

/// The teams that each of these groups is, by the group's id; the other way round of [`groups_of_team`].
pub async fn teams_of_group(db: &mut PgConnection, groups: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Vec<(Team, How)>>> {
    let mut teams = BTreeMap::new();
    for team in named(&mut *db, groups).await?.into_iter().chain(of_members(&mut *db, groups).await?) {
        teams.insert(team.id, team);
    }
    let ids: Vec<i64> = teams.keys().copied().collect();
    let tied = groups_of_team(db, &ids).await?;
    let mut found: HashMap<Uuid, Vec<(Team, How)>> = HashMap::new();
    for (id, team) in teams {
        for group in tied.get(&id).into_iter().flatten().filter(|it| groups.contains(&it.id)) {
            found.entry(group.id).or_default().push((team.clone(), group.how));
        }
    }
    Ok(found)
}

async fn named(db: impl PgExecutor<'_>, groups: &[Uuid]) -> sqlx::Result<Vec<Team>> {
    sqlx::query_as!(
        Team,
        r#"select distinct t.id, t.organization || '/' || t.slug as "slug!", t.name from github.named_tie tie
         join github.team t on t.id = tie.team_id where tie.group_id = any($1)"#,
        groups
    )
    .fetch_all(db)
    .await
}

/// Teams in which people of these groups are.
async fn of_members(db: &mut PgConnection, groups: &[Uuid]) -> sqlx::Result<Vec<Team>> {
    let members = sqlx::query_scalar!("select distinct person_id from org.membership where group_id = any($1)", groups);
    let members = members.fetch_all(&mut *db).await?;
    let actors: Vec<i64> = people::accounts_of(&mut *db, &members).await?.into_iter().map(|it| it.1.id).collect();
    sqlx::query_as!(
        Team,
        r#"select distinct t.id, t.organization || '/' || t.slug as "slug!", t.name from github.team_member m
         join github.team t on t.id = m.team_id and t.gone_at is null where m.actor_id = any($1) and m.gone_at is null"#,
        &actors
    )
    .fetch_all(db)
    .await
}
