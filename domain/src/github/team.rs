//! Which teams there are, and who is in them.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// Marks a team as gone since that moment, and that nobody is in it.
pub async fn gone(db: impl PgExecutor<'_>, id: i64, at: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "with member as (
            update github.team_member set gone_at = $2, source_at = $2 where team_id = $1 and gone_at is null and source_at <= $2
         )
         update github.team set gone_at = $2, source_at = $2 where id = $1 and gone_at is null and source_at <= $2",
        id,
        at
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Teams that are this group: of its name, or named by its annotation `github.com/team-slug`, with their organisation or without.
pub async fn of_group(db: impl PgExecutor<'_>, group: &str) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        r#"with named as (
            select lower(coalesce(e.document #>> '{metadata,annotations,github.com/team-slug}', e.name)) as slug
            from catalog.entity e where e.ref = 'group:default/' || $1
         )
         select t.id from named n join github.team t
            on lower(t.slug) = n.slug or lower(t.organization || '/' || t.slug) = n.slug
         where t.gone_at is null order by t.id"#,
        group
    )
    .fetch_all(db)
    .await
}
