//! Which pull requests are open, in repositories that are there.

use sqlx::PgExecutor;

/// Open pull requests that concern any of these; GitHub's ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concerning {
    /// Who wrote them.
    pub authors: Vec<i64>,
    /// Who is asked to review them.
    pub reviewers: Vec<i64>,
    /// Which teams are asked to.
    pub teams: Vec<i64>,
    /// Where they are.
    pub repositories: Vec<i64>,
    /// Some by themselves.
    pub pull_requests: Vec<i64>,
}

/// The open pull requests that concern any of these, the liveliest first, and how many there are in all.
pub async fn open(db: impl PgExecutor<'_>, of: &Concerning, most: i64) -> sqlx::Result<(Vec<i64>, i64)> {
    let rows = sqlx::query!(
        r#"with found as (
            select id from github.pull_request where author_id = any($1) and state = 'open'
            union select id from github.pull_request where repository_id = any($4) and state = 'open'
            union select pull_request_id from github.review_request where kind = 'actor' and target = any($2) and gone_at is null
            union select pull_request_id from github.review_request where kind = 'team' and target = any($3) and gone_at is null
            union select unnest($6::bigint[])
         )
         select p.id as "id!", count(*) over () as "total!" from found join github.pull_request p on p.id = found.id
         -- What is gone takes its open pull requests with it.
         where p.state = 'open' and not exists (select from github.repository r where r.id = p.repository_id and r.gone_at is not null)
         order by p.active_at desc, p.id limit $5"#,
        &of.authors,
        &of.reviewers,
        &of.teams,
        &of.repositories,
        most,
        &of.pull_requests
    );
    let rows = rows.fetch_all(db).await?;
    let total = rows.first().map_or(0, |it| it.total);
    Ok((rows.into_iter().map(|it| it.id).collect(), total))
}

/// All open pull requests, the liveliest first, and how many there are.
pub async fn all_open(db: impl PgExecutor<'_>, limit: i64, offset: i64) -> sqlx::Result<(Vec<i64>, i64)> {
    let rows = sqlx::query!(
        r#"with found as (
            select id, active_at from github.pull_request p where state = 'open'
                and not exists (select from github.repository r where r.id = p.repository_id and r.gone_at is not null)
         )
         select id, (select count(*) from found) as "total!" from found order by active_at desc, id limit $1 offset $2"#,
        limit,
        offset
    );
    let rows = rows.fetch_all(db).await?;
    let total = rows.first().map_or(0, |it| it.total);
    Ok((rows.into_iter().map(|it| it.id).collect(), total))
}

/// Pull requests of this number, in repositories of this name: `owner/name`, a name alone, or any; the liveliest first.
pub async fn numbered(
    db: impl PgExecutor<'_>,
    number: i32,
    repository: Option<&str>,
    most: i64,
) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        "select p.id from github.pull_request p join github.repository r on r.id = p.repository_id
         where p.number = $1 and ($2::text is null
            or p.repository_id in (select id from github.repository where lower(name) = lower($2)
                union select id from github.repository where lower(split_part(name, '/', 2)) = lower($2)))
         order by (p.state <> 'open'), p.active_at desc, p.id limit $3",
        number,
        repository,
        most
    )
    .fetch_all(db)
    .await
}
