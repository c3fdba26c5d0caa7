//! Who somebody on GitHub is here.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::Actor;
use crate::account::Proof;

/// Whoever signed in is known by GitHub's own id of them, which stays when they rename themselves; this is its space of ids.
pub const BY_ID: &str = "id";

/// The people whose accounts these are, by GitHub's id.
pub async fn of(db: impl PgExecutor<'_>, actors: &[i64]) -> sqlx::Result<HashMap<i64, Uuid>> {
    let rows = sqlx::query!(
        r#"select actor_id as "id!", person_id as "person_id!" from github.owner
         where actor_id = any($1) and person_id is not null"#,
        actors
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|it| (it.id, it.person_id)).collect())
}

/// What a person is called at GitHub, as far as GitHub told of it.
pub async fn accounts(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<Vec<Actor>> {
    Ok(accounts_of(db, &[person]).await?.into_iter().map(|it| it.1).collect())
}

/// The same of several people, each account with whose it is.
pub async fn accounts_of(db: impl PgExecutor<'_>, people: &[Uuid]) -> sqlx::Result<Vec<(Uuid, Actor)>> {
    let rows = sqlx::query!(
        r#"with maybe as (
            select a.external_id::bigint as id from auth.account a
                where a.person_id = any($1) and a.platform = 'github' and a.tenant = 'id' and a.external_id ~ '^[0-9]{1,18}$'
            union
            select g.id from auth.account a join github.actor g on lower(g.login) = lower(a.external_id)
                where a.person_id = any($1) and a.platform = 'github' and a.tenant = ''
            union
            select g.id from org.person p join catalog.entity e on e.ref = p.ref
                join github.actor g on lower(g.login) = lower(e.document #>> '{metadata,annotations,github.com/user-login}')
                where p.id = any($1)
         )
         select o.person_id as "person!", g.id as "id!", g.login as "login!", g.kind as "kind!"
         from github.actor g join github.owner o on o.actor_id = g.id and o.person_id = any($1)
         where g.id in (select id from maybe) order by g.id"#,
        people
    );
    let rows = rows.fetch_all(db).await?.into_iter();
    Ok(rows.map(|it| (it.person, Actor { id: it.id, login: it.login, bot: it.kind == "Bot" })).collect())
}

/// GitHub's id of whoever has this login now, as far as GitHub told.
pub async fn id_of(db: impl PgExecutor<'_>, login: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!(
        "select id from github.actor where lower(login) = lower($1) order by source_at desc, id desc limit 1",
        login
    )
    .fetch_optional(db)
    .await
}

/// The login that the catalog says is a person's, where neither the directory nor anybody else names one.
pub async fn annotated(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<Option<String>> {
    let login = sqlx::query_scalar!(
        "select e.document #>> '{metadata,annotations,github.com/user-login}' from org.person p
         join catalog.entity e on e.ref = p.ref and e.orphaned_at is null
         where p.id = $1 and p.left_at is null
            and not exists (select from auth.account a where a.person_id = p.id and a.platform = 'github')",
        person
    );
    Ok(login.fetch_optional(db).await?.flatten().filter(|it| !it.trim().is_empty()))
}

/// Why an account does not become somebody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contested {
    /// It was proven to be somebody else's: their entity name.
    Held(String),
    /// An administrator said that another account is theirs.
    Corrected,
}

/// Makes the account with which somebody signed in theirs. Who signed in has proven more than a login that is written down somewhere; what an
/// administrator said, or somebody else proved the same way, stays.
pub async fn link(
    db: &mut PgConnection,
    person: Uuid,
    (id, login): (i64, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<Result<(), Contested>> {
    let external = id.to_string();
    let others = sqlx::query!(
        r#"select a.person_id, p.name, a.proof, a.external_id, a.tenant from auth.account a join org.person p on p.id = a.person_id
         where a.platform = 'github' and (
            a.tenant = $1 and a.external_id = $2 or a.proof = $4 and (a.person_id = $5 or a.tenant = '' and lower(a.external_id) = lower($3))
         ) for update of a"#,
        BY_ID,
        external,
        login,
        Proof::Administrator.as_str(),
        person
    );
    for other in others.fetch_all(&mut *db).await? {
        let same = (other.tenant == BY_ID && other.external_id == external)
            || (other.tenant.is_empty() && other.external_id.eq_ignore_ascii_case(login));
        if other.person_id != person {
            return Ok(Err(Contested::Held(other.name)));
        }
        if !same && other.proof == Proof::Administrator.as_str() {
            return Ok(Err(Contested::Corrected));
        }
    }
    let linked = sqlx::query!(
        "insert into auth.account (id, person_id, platform, tenant, external_id, proof, label)
         values ($1, $2, 'github', $3, $4, $5, $6)
         on conflict on constraint account_external_key do update set label = excluded.label, proven_at = now(),
            proof = case account.proof when 'administrator' then account.proof else excluded.proof end
         where account.person_id = excluded.person_id
         returning person_id",
        Uuid::now_v7(),
        person,
        BY_ID,
        external,
        Proof::OAuth.as_str(),
        login
    );
    if linked.fetch_optional(&mut *db).await?.is_none() {
        // Somebody else signed in with it at this moment.
        return Ok(Err(Contested::Held("somebody else".into())));
    }
    named(db, (id, login), now).await?;
    Ok(Ok(()))
}

/// Keeps what an account is called now.
async fn named(db: impl PgExecutor<'_>, (id, login): (i64, &str), now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into github.actor as a (id, login, kind, source_at) values ($1, $2, 'User', $3)
         on conflict (id) do update set login = excluded.login, source_at = excluded.source_at
         where a.source_at < excluded.source_at and a.login <> excluded.login",
        id,
        login,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes back what somebody proved by signing in, and tells what those accounts are called.
pub async fn unlink(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"delete from auth.account where person_id = $1 and platform = 'github' and proof = $2
         returning coalesce(label, external_id) as "label!""#,
        person,
        Proof::OAuth.as_str()
    )
    .fetch_all(db)
    .await
}
