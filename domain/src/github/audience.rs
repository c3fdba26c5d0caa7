//! Whom an event of a pull request could concern.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Actor, people, tie};
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

/// Everybody who has to do with a pull request, by GitHub's id: its author, who is asked, who reviewed, these others, and those of
/// these logins whom it may concern. Of a private repository a mention concerns only who did something there before, or is of a
/// team that is asked there: whoever else is mentioned may not even know that it exists. The pull request is held until the
/// transaction ends, so that what is told of it is told in order.
pub async fn of(
    db: &mut PgConnection,
    pull_request: i64,
    others: &[i64],
    mentions: &[String],
) -> sqlx::Result<HashMap<i64, Player>> {
    let rows = sqlx::query!(
        r#"with held as (select id, author_id, repository_id from github.pull_request where id = $1 for no key update),
         named as (
            select author_id as id, false as mentioned from held
            union all select target, false from github.review_request
                where pull_request_id = $1 and kind = 'actor' and gone_at is null
            union all select actor_id, false from github.review where pull_request_id = $1
            union all select unnest($2::bigint[]), false
            union all select m.id, true from github.actor m cross join held
                left join github.repository r on r.id = held.repository_id
                where lower(m.login) = any($3) and (
                    r.private is false
                    or exists (select from github.pull_request p where p.author_id = m.id and p.repository_id = r.id)
                    or exists (select from github.review_request q join github.pull_request p on p.id = q.pull_request_id
                        where q.kind = 'actor' and q.target = m.id and q.gone_at is null and p.repository_id = r.id)
                    or exists (select from github.activity a join github.pull_request p on p.id = a.pull_request_id
                        where a.actor_id = m.id and p.repository_id = r.id)
                    or exists (select from github.team_member t
                        join github.review_request q on q.kind = 'team' and q.target = t.team_id and q.gone_at is null
                        join github.pull_request p on p.id = q.pull_request_id and p.repository_id = r.id
                        where t.actor_id = m.id and t.gone_at is null)
                )
         )
         select a.id as "id!", a.login as "login!", a.kind as "kind!", bool_or(n.mentioned) as "mentioned!"
         from named n join github.actor a on a.id = n.id group by a.id, a.login, a.kind"#,
        pull_request,
        others,
        mentions
    );
    let rows = rows.fetch_all(&mut *db).await?;
    let ids: Vec<i64> = rows.iter().map(|it| it.id).collect();
    let people = people::of(&mut *db, &ids).await?;
    let known: Vec<Uuid> = people.values().copied().collect();
    let known = if known.is_empty() { HashMap::new() } else { somebody(db, &known).await? };
    let player = |it: &i64| people.get(it).and_then(|it| known.get(it)).cloned();
    let players = rows.into_iter().map(|it| {
        let actor = Actor { id: it.id, login: it.login, bot: it.kind == super::BOT };
        (it.id, Player { person: player(&it.id), actor, mentioned: it.mentioned })
    });
    Ok(players.collect())
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

/// The teams that are asked to review a pull request.
pub async fn teams_asked(db: &mut PgConnection, pull_request: i64) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        "select target from github.review_request where pull_request_id = $1 and kind = 'team' and gone_at is null",
        pull_request
    )
    .fetch_all(db)
    .await
}
