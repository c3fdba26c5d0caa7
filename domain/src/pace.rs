//! When the next call may be made, for all replicas together; by the database's clock, since theirs may differ.

use std::time::Duration;

use sqlx::PgExecutor;

/// Longer than a platform ever asks for; guards against nonsense.
const LONGEST: Duration = Duration::from_secs(3600);

/// How long a method must still wait; none when it may be called.
pub async fn rest(db: impl PgExecutor<'_>, method: &str) -> sqlx::Result<Option<Duration>> {
    let rest = sqlx::query_scalar!(
        r#"select extract(epoch from next_at - now())::float8 as "rest!" from notify.pace
         where name = 'method:' || $1 and next_at > now()"#,
        method
    );
    Ok(rest.fetch_optional(db).await?.map(seconds))
}

/// Says that a method must not be called for so long; a shorter pause lifts none.
pub async fn hold(db: impl PgExecutor<'_>, method: &str, wait: Duration) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into notify.pace (name, next_at) values ('method:' || $1, now() + make_interval(secs => $2))
         on conflict (name) do update set next_at = greatest(pace.next_at, excluded.next_at)",
        method,
        wait.min(LONGEST).as_secs_f64()
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(LONGEST)
}
