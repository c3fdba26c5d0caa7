//! Repositories of which somebody wants to hear nothing that does not ask them by name.

use std::collections::HashSet;

use sqlx::PgExecutor;
use uuid::Uuid;

/// Who of these people wants to hear nothing of a repository, by GitHub's id of it.
pub async fn muted(db: impl PgExecutor<'_>, people: &[Uuid], repository: i64) -> sqlx::Result<HashSet<Uuid>> {
    let muted = sqlx::query_scalar!(
        "select person_id from preferences.mute where person_id = any($1) and repository_id = $2",
        people,
        repository
    );
    Ok(muted.fetch_all(db).await?.into_iter().collect())
}

/// The repositories of which somebody wants to hear nothing, by name, with GitHub's ids.
pub async fn of(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<Vec<(i64, String)>> {
    let rows = sqlx::query!(
        r#"select m.repository_id as id, coalesce(r.name, m.repository_id::text) as "name!"
         from preferences.mute m left join github.repository r on r.id = m.repository_id
         where m.person_id = $1 order by 2"#,
        person
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|it| (it.id, it.name)).collect())
}

/// The repository of this name, `owner/name` or the name alone where only one is called so; with how GitHub spells it.
pub async fn repository(db: impl PgExecutor<'_>, name: &str) -> sqlx::Result<Vec<(i64, String)>> {
    let rows = sqlx::query!(
        "select id, name from github.repository
         where gone_at is null and (lower(name) = lower($1) or $1 !~ '/' and lower(split_part(name, '/', 2)) = lower($1))
         order by lower(name) limit 6",
        name
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|it| (it.id, it.name)).collect())
}

/// Notes that somebody wants to hear nothing of a repository, or again.
pub async fn set(db: impl PgExecutor<'_>, person: Uuid, repository: i64, muted: bool) -> sqlx::Result<()> {
    match muted {
        true => {
            sqlx::query!(
                "insert into preferences.mute (person_id, repository_id) values ($1, $2) on conflict do nothing",
                person,
                repository
            )
            .execute(db)
            .await?;
        }
        false => {
            sqlx::query!(
                "delete from preferences.mute where person_id = $1 and repository_id = $2",
                person,
                repository
            )
            .execute(db)
            .await?;
        }
    }
    Ok(())
}
