//! Repositories by their names and by what the catalog says of them.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::Repository;

/// Repositories of this name, `owner/name` or a name alone, in any case.
pub async fn named(db: impl PgExecutor<'_>, name: &str) -> sqlx::Result<Vec<Repository>> {
    sqlx::query_as!(
        Repository,
        r#"select id as "id!", name as "name!", default_branch, url from github.repository
         where gone_at is null and id in (
            select id from github.repository where lower(name) = lower($1)
            union select id from github.repository where lower(split_part(name, '/', 2)) = lower($1))
         order by lower(name)"#,
        name
    )
    .fetch_all(db)
    .await
}

/// Repositories of which these entities say that they are theirs.
pub async fn of_entities(db: impl PgExecutor<'_>, references: &[String]) -> sqlx::Result<Vec<Repository>> {
    sqlx::query_as!(
        Repository,
        r#"select distinct r.id as "id!", r.name as "name!", r.default_branch, r.url
         from catalog.entity e
         join github.repository r
            on lower(r.name) = lower(e.document #>> '{metadata,annotations,github.com/project-slug}') and r.gone_at is null
         where e.ref = any($1) and e.orphaned_at is null order by 2"#,
        references
    )
    .fetch_all(db)
    .await
}

/// The entities that say that this repository is theirs, services first: reference, title.
pub async fn entities(db: impl PgExecutor<'_>, repository: i64) -> sqlx::Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        r#"select e.ref as "reference!", coalesce(e.title, e.name) as "title!"
         from github.repository r
         join catalog.entity e on lower(e.document #>> '{metadata,annotations,github.com/project-slug}') = lower(r.name)
            and e.document #>> '{metadata,annotations,github.com/project-slug}' is not null and e.orphaned_at is null
         where r.id = $1 order by array_position(array['Component', 'System', 'API', 'Resource'], e.kind) nulls last, e.ref limit 5"#,
        repository
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|it| (it.reference, it.title)).collect())
}

/// A pull request that was merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Where: owner/name.
    pub repository: String,
    /// The number that people read.
    pub number: i32,
    /// What it does.
    pub title: String,
    /// Who wrote it; nobody where the account was deleted.
    pub author_id: Option<i64>,
    /// When it was merged.
    pub at: DateTime<Utc>,
}

/// What the repositories of these entities, and of what those need, merged in a span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// References of the entities.
    pub entities: Vec<String>,
    /// After this moment.
    pub from: DateTime<Utc>,
    /// Until this one.
    pub to: DateTime<Utc>,
}

/// The pull requests that were merged in each of these spans, in their order: the newest, at most so many, and how many there are.
pub async fn merged_around(
    db: impl PgExecutor<'_>,
    spans: &[Span],
    most: i64,
) -> sqlx::Result<Vec<(Vec<Merged>, i64)>> {
    let mut found: Vec<(Vec<Merged>, i64)> = spans.iter().map(|_| (Vec::new(), 0)).collect();
    let (mut nth, mut references) = (Vec::new(), Vec::new());
    for (at, span) in (0_i64..).zip(spans) {
        for entity in &span.entities {
            nth.push(at);
            references.push(entity.as_str());
        }
    }
    if nth.is_empty() {
        return Ok(found);
    }
    let from: Vec<DateTime<Utc>> = spans.iter().map(|it| it.from).collect();
    let to: Vec<DateTime<Utc>> = spans.iter().map(|it| it.to).collect();
    let rows = sqlx::query!(
        r#"select span.nth - 1 as "nth!", merged.* from unnest($3::timestamptz[], $4::timestamptz[])
            with ordinality span (begins, ends, nth)
         cross join lateral (with own as materialized (
            select ref from unnest($1::int8[], $2::text[]) own (nth, ref) where own.nth = span.nth - 1
         ), concerned as materialized (
            select ref from own
            union select r.target from own join catalog.relation r on r.source = own.ref and r.type in ('dependsOn', 'consumesApi')
         ), place as materialized (
            select distinct r.id, r.name from concerned c join catalog.entity e on e.ref = c.ref
            join github.repository r on lower(r.name) = lower(e.document #>> '{metadata,annotations,github.com/project-slug}')
            where e.orphaned_at is null
         )
         select place.name as "repository!", p.number as "number!", p.title as "title!", p.author_id, p.closed_at as "at!",
            count(*) over () as "total!"
         from place join github.pull_request p on p.repository_id = place.id and p.state = 'merged'
            and p.closed_at > span.begins and p.closed_at <= span.ends
         order by p.closed_at desc, p.id limit $5) merged
         order by span.nth, merged."at!" desc, merged."number!""#,
        &nth,
        &references as &[&str],
        &from,
        &to,
        most
    );
    for it in rows.fetch_all(db).await? {
        let Some((merged, total)) = usize::try_from(it.nth).ok().and_then(|nth| found.get_mut(nth)) else { continue };
        *total = it.total;
        merged.push(Merged {
            repository: it.repository,
            number: it.number,
            title: it.title,
            author_id: it.author_id,
            at: it.at,
        });
    }
    Ok(found)
}
