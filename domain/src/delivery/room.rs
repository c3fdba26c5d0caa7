//! Room for bodies: a partition a month, made ahead, dropped when it is old.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use sqlx::{PgExecutor, PgPool};
use uuid::{NoContext, Timestamp, Uuid};

use super::State;

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
    /// Events that had been set aside or not understood for longer.
    pub forgotten: u64,
}

/// How many months are kept, the running one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Of bodies, and of events that were applied or ignored.
    pub months: u32,
    /// Of events that were set aside or not understood.
    pub dead_months: u32,
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

/// Clears away what came before the months that are kept.
pub async fn clear(db: &PgPool, now: DateTime<Utc>, keep: Keep) -> sqlx::Result<Cleared> {
    let first = |months: u32| month(now).checked_sub_months(Months::new(months.saturating_sub(1)));
    let (Some(before), Some(dead_before)) = (first(keep.months), first(keep.dead_months.max(keep.months))) else {
        return Ok(Cleared::default());
    };
    let months = sqlx::query_scalar!(r#"select inbox.drop_months($1) as "months!""#, before).fetch_one(db).await?;
    let mut cleared = Cleared { months, ..Cleared::default() };
    cleared.dead = bury(db, before).await?;
    cleared.finished = forget(db, before, [State::Applied, State::Ignored]).await?;
    cleared.forgotten = forget(db, dead_before, [State::Unparsed, State::Dead]).await?;
    Ok(cleared)
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

/// Forgets events in these states, a bounded piece at a time, so that the room of one is free for others before the next.
async fn forget(db: &PgPool, before: NaiveDate, states: [State; 2]) -> sqlx::Result<u64> {
    let states: Vec<String> = states.iter().map(|it| it.as_str().into()).collect();
    let mut gone = 0;
    loop {
        // Ids begin with the time, so that only what is old is looked at.
        let piece = sqlx::query!(
            "delete from inbox.delivery where id = any(array(
                select id from inbox.delivery
                where id < $3 and state = any($1) and received_at < $2::date::timestamp at time zone 'UTC'
                order by id limit $4
             ))",
            &states,
            before,
            first_id(before),
            AT_A_TIME
        );
        let piece = piece.execute(db).await?.rows_affected();
        gone += piece;
        if piece < AT_A_TIME as u64 {
            return Ok(gone);
        }
    }
}

/// An id of the day after, by when no clock of a replica still says the day before.
fn first_id(day: NaiveDate) -> Uuid {
    let seconds = (day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::days(1)).timestamp();
    let begun = Timestamp::from_unix(NoContext, u64::try_from(seconds).unwrap_or_default(), 0);
    let mut id = Uuid::new_v7(begun).into_bytes();
    id[6..].fill(0);
    Uuid::from_bytes(id)
}

/// The first day of a month.
fn month(at: DateTime<Utc>) -> NaiveDate {
    let day = at.date_naive();
    day.with_day(1).unwrap_or(day)
}
