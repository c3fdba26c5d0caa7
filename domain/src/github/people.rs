//! Who somebody on GitHub is here.

use std::collections::HashMap;

use sqlx::PgExecutor;
use uuid::Uuid;

use super::Actor;

/// The people whose accounts these are, by GitHub's id.
pub async fn of(db: impl PgExecutor<'_>, actors: &[i64]) -> sqlx::Result<HashMap<i64, Uuid>> {
    let rows = sqlx::query!(
        r#"select g.id as "id!", a.person_id as "person_id!" from github.actor g
         join auth.account a on a.platform = 'github' and lower(a.external_id) = lower(g.login)
         where g.id = any($1)"#,
        actors
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|it| (it.id, it.person_id)).collect())
}

/// What a person is called at GitHub, as far as GitHub told of it.
pub async fn accounts(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<Vec<Actor>> {
    let rows = sqlx::query!(
        r#"select g.id as "id!", g.login as "login!", g.kind as "kind!" from auth.account a
         join github.actor g on lower(g.login) = lower(a.external_id)
         where a.platform = 'github' and a.person_id = $1 order by g.id"#,
        person
    );
    let actors = rows.fetch_all(db).await?.into_iter();
    Ok(actors.map(|it| Actor { id: it.id, login: it.login, bot: it.kind == "Bot" }).collect())
}

/// The accounts of several people, as far as GitHub told of them.
pub async fn accounts_of(db: impl PgExecutor<'_>, people: &[Uuid]) -> sqlx::Result<Vec<(Uuid, i64)>> {
    let rows = sqlx::query!(
        r#"select a.person_id as "person_id!", g.id as "id!" from auth.account a
         join github.actor g on lower(g.login) = lower(a.external_id)
         where a.platform = 'github' and a.person_id = any($1) order by g.id"#,
        people
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|it| (it.person_id, it.id)).collect())
}
