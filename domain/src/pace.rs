//! When the next call may be made, for all replicas together; by the database's clock, since theirs may differ.

use std::time::Duration;

use sqlx::PgExecutor;

/// Longer than a platform ever asks for; guards against nonsense.
const LONGEST: Duration = Duration::from_secs(3600);

/// So that whoever waits for a turn does not spin.
const SHORTEST: Duration = Duration::from_millis(10);

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

/// How many calls we allow ourselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// What is counted; quotas of one name share their turns.
    pub name: &'static str,
    /// Turns come back at this pace.
    pub every: Duration,
    /// So many may be taken at once.
    pub burst: u32,
}

impl Quota {
    /// How far ahead of its pace the next turn may be taken.
    pub fn slack(&self) -> Duration {
        self.every * self.burst.saturating_sub(1)
    }
}

/// Takes a turn of a quota; where there is none now, none is taken, and this is how long until there is one.
pub async fn turn(db: impl PgExecutor<'_>, quota: &Quota) -> sqlx::Result<Option<Duration>> {
    // The row says when the last turn taken would have come at an even pace.
    let turn = sqlx::query!(
        r#"with taken as (
            insert into notify.pace as p (name, next_at) values ('quota:' || $1, now() + make_interval(secs => $2))
            on conflict (name) do update set next_at = greatest(p.next_at, now()) + make_interval(secs => $2)
                where p.next_at <= now() + make_interval(secs => $3)
            returning name
         )
         select exists (select from taken) as "taken!", (select extract(epoch from next_at - now())::float8 - $3
            from notify.pace where name = 'quota:' || $1) as rest"#,
        quota.name,
        quota.every.as_secs_f64(),
        quota.slack().as_secs_f64()
    );
    let turn = turn.fetch_one(db).await?;
    // Where others took the first turns meanwhile, their row is not seen here yet.
    Ok((!turn.taken).then(|| turn.rest.map_or(SHORTEST, seconds).max(SHORTEST)))
}

pub(crate) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(LONGEST)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn all_who_share_a_quota_share_its_turns(db: PgPool) {
        let minute = Quota { name: "all", every: 60 * SECOND, burst: 5 };
        let mut all = tokio::task::JoinSet::new();
        for db in std::iter::repeat_n(db.clone(), 12) {
            all.spawn(async move { turn(&db, &minute).await.unwrap() });
        }
        let told = all.join_all().await;
        assert_eq!(told.iter().filter(|it| it.is_none()).count(), 5);
        // Whoever began to ask before the turn that they wait for was taken waits that much longer.
        assert!(told.iter().flatten().all(|it| *it <= 61 * SECOND && *it >= SHORTEST), "{told:?}");
        let last = turn(&db, &minute).await.unwrap().unwrap();
        assert!(last > 50 * SECOND && last <= 60 * SECOND, "{last:?}");
        assert_eq!(turn(&db, &Quota { name: "other", ..minute }).await.unwrap(), None);
        assert_eq!(rest(&db, "all").await.unwrap(), None, "a method of the same name is something else");
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn turns_come_back_at_their_pace(db: PgPool) {
        let few = Quota { name: "few", every: SECOND / 5, burst: 1 };
        let many = Quota { burst: 2, ..few };
        assert_eq!(turn(&db, &few).await.unwrap(), None);
        let wait = turn(&db, &few).await.unwrap().unwrap();
        assert_eq!(turn(&db, &many).await.unwrap(), None, "whoever can wait leaves the rest to the others");
        tokio::time::sleep(wait + SECOND / 5).await;
        assert_eq!(turn(&db, &few).await.unwrap(), None);
    }
}
