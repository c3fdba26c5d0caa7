//! Room for bodies: a partition a month, made ahead, dropped when it is old.

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use sqlx::{PgExecutor, PgPool};

/// How many months ahead there is room.
const AHEAD: i32 = 3;

/// How many rows one statement removes.
const AT_A_TIME: i64 = 10_000;

/// What was cleared away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    /// Months of bodies.
    pub months: i32,
    /// Events that had been dealt with.
    pub finished: u64,
    /// Events that nobody had dealt with; they stay, as dead.
    pub dead: u64,
}

/// Makes room for the bodies of this month and the next three; how many months were new. Does nothing when there is room.
pub async fn make_room(db: impl PgExecutor<'_>, now: DateTime<Utc>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) filter (where inbox.add_month(($1::date + make_interval(months => ahead))::date)) as "made!"
           from generate_series(0, $2::int) ahead"#,
        month(now),
        AHEAD
    )
    .fetch_one(db)
    .await
}

/// Clears away what came before the last so many months, the running one included.
pub async fn clear(db: &PgPool, now: DateTime<Utc>, keep_months: u32) -> sqlx::Result<Cleared> {
    let Some(before) = month(now).checked_sub_months(Months::new(keep_months.saturating_sub(1))) else {
        return Ok(Cleared::default());
    };
    let months = sqlx::query_scalar!(r#"select inbox.drop_months($1) as "months!""#, before).fetch_one(db).await?;
    let mut cleared = Cleared { months, ..Cleared::default() };
    cleared.dead = bury(db, before).await?;
    loop {
        let finished = forget(db, before).await?;
        cleared.finished += finished;
        if finished < AT_A_TIME as u64 {
            return Ok(cleared);
        }
    }
}

/// What nobody applied while its body was kept never will be.
async fn bury(db: &PgPool, before: NaiveDate) -> sqlx::Result<u64> {
    let buried = sqlx::query!(
        "update inbox.delivery set state = 'dead', error = 'nobody applied it while its body was kept'
         where state = 'pending' and received_at < $1::date::timestamp at time zone 'UTC'",
        before
    );
    Ok(buried.execute(db).await?.rows_affected())
}

async fn forget(db: &PgPool, before: NaiveDate) -> sqlx::Result<u64> {
    let forgotten = sqlx::query!(
        "delete from inbox.delivery where id in (
            select id from inbox.delivery
            where state in ('applied', 'ignored') and received_at < $1::date::timestamp at time zone 'UTC'
            order by id limit $2
         )",
        before,
        AT_A_TIME
    );
    Ok(forgotten.execute(db).await?.rows_affected())
}

/// The first day of a month.
fn month(at: DateTime<Utc>) -> NaiveDate {
    let day = at.date_naive();
    day.with_day(1).unwrap_or(day)
}
