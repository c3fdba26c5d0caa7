//! Whom an event of a pull request could concern.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Actor, tie};
use crate::account::Platform;
use crate::preference::{Defaults, Kind, Way};

/// Somebody on GitHub who has to do with a pull request, and who that is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Player {
    /// On GitHub.
    pub actor: Actor,
    /// Here, where that is known and they may be told.
    pub person: Option<Somebody>,
    /// Whether they are mentioned and may see it.
    pub mentioned: bool,
}

/// A person, as others read of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Somebody {
    /// Id in the directory.
    pub id: Uuid,
    /// Entity name.
    pub name: String,
    /// What people call them.
    pub display: String,
}

/// Holds a pull request until the transaction ends, so that what is told of it is told in order.
pub async fn hold(db: &mut PgConnection, pull_request: i64) -> sqlx::Result<()> {
    let held = sqlx::query!("select id from github.pull_request where id = $1 for no key update", pull_request);
    held.fetch_optional(db).await.map(|_| ())
}

/// These, as far as GitHub told of them, by GitHub's id; none is mentioned.
pub async fn players(db: &mut PgConnection, actors: &[i64]) -> sqlx::Result<HashMap<i64, Player>> {
    let rows = sqlx::query!(
        r#"select a.id as "actor_id!", a.login as "login!", a.kind as "kind!", p.id as "id?", p.name as "name?", p.display as "display?"
         from github.owner o join github.actor a on a.id = o.actor_id
         left join lateral (
            select id, name, display_name as display from org.person
            where person.id = o.person_id and not disabled and left_at is null offset 0
         ) p on true
         where o.actor_id = any($1)"#,
        actors
    );
    let players = rows.fetch_all(db).await?.into_iter().map(|it| {
        let actor = Actor { id: it.actor_id, login: it.login, bot: it.kind == super::BOT };
        let person = it.id.zip(it.name).zip(it.display);
        let person = person.map(|((id, name), display)| Somebody { id, name, display });
        (it.actor_id, Player { actor, person, mentioned: false })
    });
    Ok(players.collect())
}

/// Whom a login in a text about a pull request of a repository means, by repository and login in lower case. Of a private repository a
/// mention concerns only who did something there before, or is of a team that is asked there: whoever else is mentioned may not even
/// know that it exists.
pub async fn mentioned(
    db: &mut PgConnection,
    mentions: &[(i64, String)],
) -> sqlx::Result<HashMap<(i64, String), Vec<i64>>> {
    let (repositories, logins): (Vec<i64>, Vec<String>) = mentions.iter().cloned().unzip();
    let rows = sqlx::query!(
        r#"select it.place as "place!", it.login as "login!", m.id as "id!"
         from unnest($1::bigint[], $2::text[]) it (place, login)
         cross join lateral (select id from github.actor where lower(actor.login) = it.login offset 0) m
         cross join lateral (select id, private from github.repository where repository.id = it.place offset 0) r
         where not r.private
            or exists (select from github.pull_request p where p.author_id = m.id and p.repository_id = r.id)
            or exists (select from github.review_request q join github.pull_request p on p.id = q.pull_request_id
                where q.kind = 'actor' and q.target = m.id and q.gone_at is null and p.repository_id = r.id)
            or exists (select from github.activity a join github.pull_request p on p.id = a.pull_request_id
                where a.actor_id = m.id and p.repository_id = r.id)
            or exists (select from github.team_member t
                join github.review_request q on q.kind = 'team' and q.target = t.team_id and q.gone_at is null
                join github.pull_request p on p.id = q.pull_request_id and p.repository_id = r.id
                where t.actor_id = m.id and t.gone_at is null)"#,
        &repositories,
        &logins
    );
    let mut found: HashMap<(i64, String), Vec<i64>> = HashMap::new();
    for it in rows.fetch_all(db).await? {
        found.entry((it.place, it.login)).or_default().push(it.id);
    }
    Ok(found)
}

/// What is told of a pull request already, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Whether anybody has a message about it.
    pub noticed: bool,
    /// The teams that have one in their channel.
    pub teams: Vec<i64>,
    /// Whether a channel shows it, or subscribed to what it is in.
    pub subscribed: bool,
}

/// What is told already of pull requests, each given with its repository.
pub async fn followed(
    db: &mut PgConnection,
    platform: Platform,
    pulls: &[(i64, i64)],
) -> sqlx::Result<HashMap<i64, Followed>> {
    let (ids, repositories): (Vec<i64>, Vec<i64>) = pulls.iter().copied().unzip();
    let rows = sqlx::query!(
        r#"with recursive heard as (
            select kind, target from github.subscription where platform = $3 and paused_at is null
         ), entity as (
            -- Where nobody subscribed to anything, it need not be found out what a pull request is in.
            select it.place, e.ref, e.owner from (select distinct place from unnest($2::bigint[]) place) it
            join github.repository r on r.id = it.place
            join catalog.entity e on lower(e.document #>> '{metadata,annotations,github.com/project-slug}') = lower(r.name)
                and e.document #>> '{metadata,annotations,github.com/project-slug}' is not null
            where e.orphaned_at is null and exists (select from heard where kind <> 'repository')
         ), within as (
            select entity.place, g.id from entity join org."group" g on g.ref = entity.owner
            where exists (select from heard where kind = 'team')
            union select within.place, n.parent_id from org.nesting n join within on n.child_id = within.id
         ), subscribed as (
            select it.place from unnest($2::bigint[]) it (place)
                join heard on heard.kind = 'repository' and heard.target = it.place::text
            union select entity.place from entity join heard
                on heard.kind = 'entity' and heard.target = entity.ref or heard.kind = 'team' and heard.target = entity.owner
            union select within.place from within join org."group" g on g.id = within.id
                join heard on heard.kind = 'team' and heard.target = g.ref
         )
         select it.id as "id!", exists (select from github.notice n where n.pull_request_id = it.id) as "noticed!",
            array(select n.team_id from github.notice n where n.pull_request_id = it.id and n.team_id is not null) as "teams!",
            exists (select from github.channel_post c where c.pull_request_id = it.id and c.platform = $3)
                or exists (select from subscribed where subscribed.place = it.place) as "subscribed!"
         from unnest($1::bigint[], $2::bigint[]) it (id, place)"#,
        &ids,
        &repositories,
        platform.as_str()
    );
    let rows = rows.fetch_all(db).await?.into_iter();
    Ok(rows.map(|it| (it.id, Followed { noticed: it.noticed, teams: it.teams, subscribed: it.subscribed })).collect())
}

/// The people with these ids who are here and may act.
pub async fn somebody(db: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Somebody>> {
    let rows = sqlx::query_as!(
        Somebody,
        r#"select id, name, display_name as display from org.person
         where id = any($1) and not disabled and left_at is null"#,
        ids
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|it| (it.id, it)).collect())
}

/// A team of GitHub's, and where its people talk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crew {
    /// GitHub's id of the team.
    pub team_id: i64,
    /// organization/slug, in lower case.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// The channel of the group that it is.
    pub channel: Option<String>,
    /// Its members who want to be told directly of reviews that the team is asked for, with their accounts on GitHub.
    pub members: Vec<(Somebody, i64)>,
}

/// These teams, by id or by `organization/slug` in lower case.
pub async fn crews(
    db: &mut PgConnection,
    defaults: &Defaults,
    (ids, slugs): (&[i64], &[String]),
) -> sqlx::Result<Vec<Crew>> {
    let rows = sqlx::query!(
        r#"select t.id as "team_id!", t.name as "name!", lower(t.organization) || '/' || lower(t.slug) as "slug!",
            p.id as "id?", p.name as "person?", p.display_name as "display?", m.actor_id as "actor_id?", c.way as "way?"
         from github.team t
         left join (github.team_member m
            join github.owner o on o.actor_id = m.actor_id
            join org.person p on p.id = o.person_id and not p.disabled and p.left_at is null)
            on m.team_id = t.id and m.gone_at is null
         left join preferences.choice c on c.person_id = p.id and c.kind = 'team-reviews'
         where t.gone_at is null and (t.id = any($1) or lower(t.organization) || '/' || lower(t.slug) = any($2))
         order by t.id, p.name"#,
        ids,
        slugs
    );
    let mut crews: Vec<Crew> = Vec::new();
    for it in rows.fetch_all(&mut *db).await? {
        if crews.last().is_none_or(|crew| crew.team_id != it.team_id) {
            let (slug, name) = (it.slug, it.name);
            crews.push(Crew { team_id: it.team_id, slug, name, channel: None, members: Vec::new() });
        }
        let way = it.way.as_deref().and_then(Way::from_word).unwrap_or_else(|| defaults.way(Kind::TeamReview));
        let somebody = it.id.zip(it.person).zip(it.display).map(|((id, name), display)| Somebody { id, name, display });
        if let (Some(crew), Some(somebody), Some(actor), Way::Direct) = (crews.last_mut(), somebody, it.actor_id, way) {
            crew.members.push((somebody, actor));
        }
    }
    talk(db, &mut crews).await?;
    Ok(crews)
}

/// Finds the channels of the groups that teams are.
async fn talk(db: &mut PgConnection, crews: &mut [Crew]) -> sqlx::Result<()> {
    let ids: Vec<i64> = crews.iter().map(|it| it.team_id).collect();
    let tied = if ids.is_empty() { HashMap::new() } else { tie::groups_of_team(&mut *db, &ids).await? };
    let reference = |it: &tie::Tied| format!("group:default/{}", it.name.to_lowercase());
    let references: Vec<String> = tied.values().flatten().map(reference).collect();
    if references.is_empty() {
        return Ok(());
    }
    let rows = sqlx::query!(
        r#"select ref as "reference!", document #>> '{metadata,annotations,pinconsole.io/slack-channel}' as channel
         from catalog.entity where ref = any($1) and orphaned_at is null"#,
        &references
    );
    let channels = rows.fetch_all(db).await?.into_iter().filter_map(|it| Some((it.reference, it.channel?)));
    let channels: HashMap<String, String> = channels.collect();
    for crew in crews {
        let groups = tied.get(&crew.team_id).into_iter().flatten();
        crew.channel = groups.filter_map(|it| channels.get(&reference(it))).next().cloned();
    }
    Ok(())
}
