//! Who may pass a review on, who is next, and where GitHub is told.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::{Somebody, people};

/// The people who are asked to review a pull request: by name, as one of a team, or since somebody passed it to them.
pub async fn reviewers(db: impl PgExecutor<'_>, pull_request: i64) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select a.person_id as "person_id!" from (
            select target as id from github.review_request where pull_request_id = $1 and kind = 'actor' and gone_at is null
            union select m.actor_id from github.review_request q
                join github.team_member m on m.team_id = q.target and m.gone_at is null
                where q.pull_request_id = $1 and q.kind = 'team' and q.gone_at is null
         ) asked join github.owner a on a.actor_id = asked.id and a.person_id is not null
         union select person_id from github.notice
            where pull_request_id = $1 and person_id is not null and passed_by is not null and passed_at is null"#,
        pull_request
    )
    .fetch_all(db)
    .await
}

/// A review that was passed to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// To whom.
    pub person_id: Uuid,
    /// Of which pull request.
    pub pull_request_id: i64,
    /// When.
    pub at: DateTime<Utc>,
}

impl Passed {
    /// What was passed to these people and is open, as long as GitHub itself does not ask them and they did not review it since.
    pub async fn to(db: impl PgExecutor<'_>, people: &[Uuid]) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select n.person_id as "person_id!", n.pull_request_id, passed.at as "at!"
             from github.notice n join github.pull_request p on p.id = n.pull_request_id and p.state = 'open'
             cross join lateral (
                select max(g.passed_at) as at from github.notice g
                where g.pull_request_id = n.pull_request_id and g.passed_to = n.person_id
             ) passed
             where n.person_id = any($1) and n.passed_by is not null and n.passed_at is null and passed.at is not null
                and not exists (
                    select from github.owner o where o.person_id = n.person_id and (
                        exists (select from github.review_request q where q.pull_request_id = p.id and q.kind = 'actor'
                            and q.target = o.actor_id and q.gone_at is null)
                        or exists (select from github.review r where r.pull_request_id = p.id and r.actor_id = o.actor_id
                            and r.submitted_at > passed.at)
                    )
                )"#,
            people
        )
        .fetch_all(db)
        .await
    }
}

/// Who passed a review of a pull request on last, and to whom.
pub async fn last_pass(db: impl PgExecutor<'_>, pull_request: i64) -> sqlx::Result<Option<(Uuid, Option<Uuid>)>> {
    let row = sqlx::query!(
        r#"select person_id as "person_id!", passed_to from github.notice
         where pull_request_id = $1 and passed_at is not null and person_id is not null order by passed_at desc limit 1"#,
        pull_request
    );
    Ok(row.fetch_optional(db).await?.map(|it| (it.person_id, it.passed_to)))
}

/// A pull request of which GitHub itself can be told who reviews it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The installation through which it is reached.
    pub installation_id: i64,
    /// owner/name.
    pub repository: String,
    /// The number that people read.
    pub number: i32,
    /// Logins under which somebody is asked by name.
    pub asked: Vec<String>,
}

impl Place {
    /// The place of a pull request, with the logins of somebody who is asked; nothing where no app of ours may be.
    pub async fn of(db: &mut PgConnection, pull_request: i64, person: Uuid) -> sqlx::Result<Option<Self>> {
        let mine: Vec<i64> = people::accounts(&mut *db, person).await?.into_iter().map(|it| it.id).collect();
        sqlx::query_as!(
            Self,
            r#"select r.installation_id as "installation_id!", r.name as repository, p.number, array(
                select a.login from github.review_request q join github.actor a on a.id = q.target
                where q.pull_request_id = p.id and q.kind = 'actor' and q.gone_at is null and q.target = any($2)
                order by a.login
             ) as "asked!"
             from github.pull_request p join github.repository r on r.id = p.repository_id and r.gone_at is null
             join github.installation i on i.id = r.installation_id and not i.suspended
             where p.id = $1"#,
            pull_request,
            &mine
        )
        .fetch_optional(db)
        .await
    }
}

/// Somebody who could review a pull request instead of somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// On GitHub.
    pub actor_id: i64,
    /// What GitHub calls them.
    pub login: String,
    /// Here.
    pub person: Somebody,
    /// The team that both are in.
    pub team: String,
    /// How many reviews wait for them already.
    pub open: i64,
}

impl Next {
    /// Who is next after somebody: of a team of theirs, best of one that is asked, whoever has the fewest reviews waiting. Nobody
    /// who wrote it, reviewed it, is asked already or passed it on; and of a private repository only one of a team that is asked
    /// there, since others may not see it.
    pub async fn after(db: &mut PgConnection, pull_request: i64, person: Uuid) -> sqlx::Result<Option<Self>> {
        let mine: Vec<i64> = people::accounts(&mut *db, person).await?.into_iter().map(|it| it.id).collect();
        let row = sqlx::query!(
            r#"with teams as (
                select t.id, t.name, exists (select from github.review_request q
                    where q.pull_request_id = p.id and q.kind = 'team' and q.target = t.id and q.gone_at is null) as asked
                from github.pull_request p join github.repository r on r.id = p.repository_id
                join github.team t on t.gone_at is null and lower(t.organization) = lower(split_part(r.name, '/', 1))
                where p.id = $1
                    and exists (select from github.team_member m
                        where m.team_id = t.id and m.gone_at is null and m.actor_id = any($3))
                    and (not r.private or exists (select from github.review_request q
                        join github.pull_request o on o.id = q.pull_request_id and o.repository_id = r.id
                        where q.kind = 'team' and q.target = t.id))
             )
             select g.id as "actor_id!", g.login as "login!", h.id as "id!", h.name as "name!", h.display_name as "display!", t.name as "team!",
                (select count(*) from github.review_request q join github.pull_request o on o.id = q.pull_request_id
                 where q.kind = 'actor' and q.target = g.id and q.gone_at is null and o.state = 'open') as "open!"
             from teams t
             join github.team_member m on m.team_id = t.id and m.gone_at is null
             join github.actor g on g.id = m.actor_id
             join github.owner a on a.actor_id = g.id
             join org.person h on h.id = a.person_id and not h.disabled and h.left_at is null
             join github.pull_request p on p.id = $1 and p.author_id is distinct from g.id
             where h.id <> $2
                and not exists (select from github.review v where v.pull_request_id = p.id and v.actor_id = g.id)
                and not exists (select from github.review_request q
                    where q.pull_request_id = p.id and q.kind = 'actor' and q.target = g.id and q.gone_at is null)
                and not exists (select from github.notice n where n.pull_request_id = p.id and n.person_id = h.id
                    and (n.passed_at is not null or n.passed_by is not null))
             order by t.asked desc, "open!", h.name limit 1"#,
            pull_request,
            person,
            &mine
        );
        let next = row.fetch_optional(db).await?;
        Ok(next.map(|it| Self {
            actor_id: it.actor_id,
            login: it.login,
            person: Somebody { id: it.id, name: it.name, display: it.display },
            team: it.team,
            open: it.open,
        }))
    }
}
