//! Who is in which team.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// Stores whether somebody is in a team since that moment, unless something newer is known.
pub async fn write(
    db: impl PgExecutor<'_>,
    (team, actor): (i64, i64),
    (there, at): (bool, DateTime<Utc>),
) -> sqlx::Result<bool> {
    let gone_at = (!there).then_some(at);
    let written = sqlx::query!(
        "insert into github.team_member as m (team_id, actor_id, source_at, gone_at) values ($1, $2, $3, $4)
         on conflict (team_id, actor_id) do update set source_at = excluded.source_at, gone_at = excluded.gone_at
         where m.source_at <= excluded.source_at",
        team,
        actor,
        at,
        gone_at
    );
    Ok(written.execute(db).await?.rows_affected() > 0)
}

/// Somebody left an organisation, and with it all of its teams.
pub async fn left(db: impl PgExecutor<'_>, (organization, actor): (&str, i64), at: DateTime<Utc>) -> sqlx::Result<u64> {
    let left = sqlx::query!(
        "update github.team_member m set gone_at = $3, source_at = $3 from github.team t
         where m.actor_id = $2 and t.id = m.team_id and lower(t.organization) = lower($1)
            and m.gone_at is null and m.source_at <= $3",
        organization,
        actor,
        at
    );
    Ok(left.execute(db).await?.rows_affected())
}

/// The teams of which any of these is a member.
pub async fn teams_of(db: impl PgExecutor<'_>, actors: &[i64]) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        "select distinct team_id from github.team_member where actor_id = any($1) and gone_at is null",
        actors
    )
    .fetch_all(db)
    .await
}

/// Stores who is in a team since that moment, and nobody else, unless something newer is known; how many that changed.
pub async fn write_all(
    db: impl PgExecutor<'_>,
    team: i64,
    (members, at): (&[i64], DateTime<Utc>),
) -> sqlx::Result<u64> {
    let written = sqlx::query!(
        "with gone as (
            update github.team_member set gone_at = $3, source_at = $3
            where team_id = $1 and gone_at is null and source_at <= $3 and actor_id <> all ($2)
            returning actor_id
         ), came as (
            insert into github.team_member as m (team_id, actor_id, source_at)
            select $1, id, $3 from unnest($2::bigint[]) it (id)
            where not exists (select from github.team_member k where k.team_id = $1 and k.actor_id = it.id
                and (k.gone_at is null or k.source_at > $3))
            order by id
            on conflict (team_id, actor_id) do update set source_at = excluded.source_at, gone_at = null
            where m.source_at <= excluded.source_at
            returning actor_id
         )
         select (select count(*) from gone) + (select count(*) from came) as \"count!\"",
        team,
        members,
        at
    );
    written.fetch_one(db).await.map(|it| u64::try_from(it.count).unwrap_or_default())
}
