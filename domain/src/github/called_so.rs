//! Reads and writes what everybody and everything is called.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::book::Entry;
use super::{NamedActor, NamedRepository, NamedTeam};

pub(super) async fn actors(db: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<(i64, Entry<NamedActor>)>> {
    let rows = sqlx::query!("select id, login, kind, source_at from github.actor where id = any($1)", ids);
    let entry = rows.fetch_all(db).await?.into_iter().map(|it| {
        let named = NamedActor { id: it.id, login: it.login, kind: it.kind };
        (it.id, Entry { named, at: it.source_at, gone: false, new: false })
    });
    Ok(entry.collect())
}

pub(super) async fn teams(db: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<(i64, Entry<NamedTeam>)>> {
    let rows = sqlx::query!(
        r#"select id, organization, slug, name, source_at, gone_at is not null as "gone!" from github.team where id = any($1)"#,
        ids
    );
    let entry = rows.fetch_all(db).await?.into_iter().map(|it| {
        let named = NamedTeam { id: it.id, organization: it.organization, slug: it.slug, name: it.name };
        (it.id, Entry { named, at: it.source_at, gone: it.gone, new: false })
    });
    Ok(entry.collect())
}

pub(super) async fn repositories(
    db: &mut PgConnection,
    ids: &[i64],
) -> sqlx::Result<Vec<(i64, Entry<NamedRepository>)>> {
    let rows = sqlx::query!(
        r#"select id, name, node_id, default_branch, url, private, archived, installation_id, source_at,
            gone_at is not null as "gone!"
         from github.repository where id = any($1)"#,
        ids
    );
    let entry = rows.fetch_all(db).await?.into_iter().map(|it| {
        let named = NamedRepository {
            id: it.id,
            name: it.name,
            node_id: it.node_id,
            default_branch: it.default_branch,
            url: it.url,
            private: Some(it.private),
            archived: Some(it.archived),
            installation_id: it.installation_id,
        };
        (it.id, Entry { named, at: it.source_at, gone: it.gone, new: false })
    });
    Ok(entry.collect())
}

/// Stores what these are called, sorted by id, unless somebody else has just learned something newer.
pub(super) async fn write_actors(db: &mut PgConnection, all: &[&Entry<NamedActor>]) -> sqlx::Result<()> {
    let ids: Vec<i64> = all.iter().map(|it| it.named.id).collect();
    let logins: Vec<&str> = all.iter().map(|it| it.named.login.as_str()).collect();
    let kinds: Vec<&str> = all.iter().map(|it| it.named.kind.as_str()).collect();
    sqlx::query!(
        "insert into github.actor as a (id, login, kind, source_at)
         select * from unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[])
         on conflict (id) do update set login = excluded.login, kind = excluded.kind, source_at = excluded.source_at
         where a.source_at <= excluded.source_at",
        &ids,
        &logins as &[&str],
        &kinds as &[&str],
        &moments(all)
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// The same of teams.
pub(super) async fn write_teams(db: &mut PgConnection, all: &[&Entry<NamedTeam>]) -> sqlx::Result<()> {
    let ids: Vec<i64> = all.iter().map(|it| it.named.id).collect();
    let organizations: Vec<&str> = all.iter().map(|it| it.named.organization.as_str()).collect();
    let slugs: Vec<&str> = all.iter().map(|it| it.named.slug.as_str()).collect();
    let names: Vec<&str> = all.iter().map(|it| it.named.name.as_str()).collect();
    sqlx::query!(
        "insert into github.team as t (id, organization, slug, name, source_at)
         select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
         on conflict (id) do update set organization = excluded.organization, slug = excluded.slug, name = excluded.name,
            gone_at = null, source_at = excluded.source_at
         where t.source_at <= excluded.source_at",
        &ids,
        &organizations as &[&str],
        &slugs as &[&str],
        &names as &[&str],
        &moments(all)
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// The same of repositories.
pub(super) async fn write_repositories(db: &mut PgConnection, all: &[&Entry<NamedRepository>]) -> sqlx::Result<()> {
    let ids: Vec<i64> = all.iter().map(|it| it.named.id).collect();
    let names: Vec<&str> = all.iter().map(|it| it.named.name.as_str()).collect();
    let nodes: Vec<Option<&str>> = all.iter().map(|it| it.named.node_id.as_deref()).collect();
    let branches: Vec<Option<&str>> = all.iter().map(|it| it.named.default_branch.as_deref()).collect();
    let urls: Vec<Option<&str>> = all.iter().map(|it| it.named.url.as_deref()).collect();
    let private: Vec<Option<bool>> = all.iter().map(|it| it.named.private).collect();
    let archived: Vec<Option<bool>> = all.iter().map(|it| it.named.archived).collect();
    let installations: Vec<Option<i64>> = all.iter().map(|it| it.named.installation_id).collect();
    sqlx::query!(
        "insert into github.repository as r (id, name, node_id, default_branch, url, private, archived, installation_id, source_at)
         select id, name, node, branch, url, coalesce(private, false), coalesce(archived, false), installation, at
         from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::boolean[], $8::bigint[],
            $9::timestamptz[]) it (id, name, node, branch, url, private, archived, installation, at)
         on conflict (id) do update set name = excluded.name, node_id = coalesce(excluded.node_id, r.node_id),
            default_branch = coalesce(excluded.default_branch, r.default_branch), url = coalesce(excluded.url, r.url),
            private = case when excluded.id = any ($10) then r.private else excluded.private end,
            archived = case when excluded.id = any ($11) then r.archived else excluded.archived end,
            installation_id = coalesce(excluded.installation_id, r.installation_id), gone_at = null,
            source_at = excluded.source_at
         where r.source_at <= excluded.source_at",
        &ids,
        &names as &[&str],
        &nodes as &[Option<&str>],
        &branches as &[Option<&str>],
        &urls as &[Option<&str>],
        &private as &[Option<bool>],
        &archived as &[Option<bool>],
        &installations as &[Option<i64>],
        &moments(all),
        &untold(all, |it| it.private),
        &untold(all, |it| it.archived)
    )
    .execute(db)
    .await
    .map(|_| ())
}

fn moments<T>(all: &[&Entry<T>]) -> Vec<DateTime<Utc>> {
    all.iter().map(|it| it.at).collect()
}

/// Those of which this was not told.
fn untold(all: &[&Entry<NamedRepository>], what: impl Fn(&NamedRepository) -> Option<bool>) -> Vec<i64> {
    all.iter().filter(|it| what(&it.named).is_none()).map(|it| it.named.id).collect()
}
