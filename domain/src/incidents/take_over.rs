use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Shift;

impl Shift {
    /// Gives a member the turns of a schedule in a window, of every level that it answers for; what lies before and after stays
    /// with whoever has it.
    pub async fn take_over(
        db: &mut PgConnection,
        schedule: &str,
        member: &str,
        (since, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> sqlx::Result<()> {
        let tails = sqlx::query!(
            r#"select policy_id, level, member_id, ends_at from incidents.shift
             where schedule_id = $1 and starts_at < $3 and (ends_at is null or ends_at > $3) and ends_at > $2"#,
            schedule,
            since,
            until
        );
        for it in tails.fetch_all(&mut *db).await? {
            let turn = (it.policy_id.as_str(), it.level, it.member_id.as_str());
            keep(db, schedule, turn, (until, it.ends_at)).await?;
        }
        sqlx::query!(
            "delete from incidents.shift where schedule_id = $1 and starts_at >= $2 and starts_at < $3",
            schedule,
            since,
            until
        )
        .execute(&mut *db)
        .await?;
        sqlx::query!(
            "update incidents.shift set ends_at = $2 where schedule_id = $1 and starts_at < $2 and ends_at > $2",
            schedule,
            since
        )
        .execute(&mut *db)
        .await?;
        let levels = sqlx::query!(
            "select distinct policy_id, level from incidents.level where kind = 'schedule' and target = $1",
            schedule
        );
        for it in levels.fetch_all(&mut *db).await? {
            keep(db, schedule, (it.policy_id.as_str(), it.level, member), (since, Some(until))).await?;
        }
        Ok(())
    }
}

async fn keep(
    db: &mut PgConnection,
    schedule: &str,
    (policy, level, member): (&str, i16, &str),
    (since, until): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into incidents.shift (id, policy_id, level, schedule_id, member_id, starts_at, ends_at, seen_at)
         values ($1, $2, $3, $4, $5, $6, $7, now())
         on conflict on constraint shift_key do update set ends_at = excluded.ends_at",
        Uuid::now_v7(),
        policy,
        level,
        schedule,
        member,
        since,
        until
    )
    .execute(db)
    .await?;
    Ok(())
}
