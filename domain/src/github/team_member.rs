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
