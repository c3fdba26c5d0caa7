use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::Shift;

/// Which turns people are told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notable {
    /// Those that began after this moment.
    pub since: DateTime<Utc>,
    /// Those that have begun by this moment, and last beyond it.
    pub now: DateTime<Utc>,
    /// Whether those of every level count, or of the first only.
    pub all_levels: bool,
}

impl Shift {
    /// Turns of schedules that began, of which nobody was told yet; by schedule, begin, policy and level. Whoever was on call on
    /// that level right before is in no new turn.
    pub async fn begun(db: impl PgExecutor<'_>, which: Notable) -> sqlx::Result<Vec<Self>> {
        let rows = sqlx::query!(
            r#"select s.policy_id, s.level, s.schedule_id, s.member_id, s.starts_at, s.ends_at from incidents.shift s
             where s.starts_at > $1 and s.starts_at <= $2 and s.ends_at > $2 and s.schedule_id <> '' and ($3 or s.level = 1)
                and not exists (select from incidents.shift b
                    where b.policy_id = s.policy_id and b.level = s.level and b.member_id = s.member_id
                        and b.starts_at < s.starts_at and (b.ends_at is null or b.ends_at >= s.starts_at))
                and not exists (select from incidents.handover h
                    where h.policy_id = s.policy_id and h.level = s.level and h.schedule_id = s.schedule_id
                        and h.member_id = s.member_id and h.starts_at = s.starts_at)
             order by s.schedule_id, s.starts_at, s.policy_id, s.level, s.member_id"#,
            which.since,
            which.now,
            which.all_levels
        );
        let found = rows.map(|it| Self {
            policy_id: it.policy_id,
            level: it.level,
            schedule_id: Some(it.schedule_id),
            member_id: it.member_id,
            starts_at: it.starts_at,
            ends_at: it.ends_at,
        });
        found.fetch_all(db).await
    }

    /// Notes that people are told of this turn, in the transaction that tells them; false where they were before.
    pub async fn tell(&self, db: impl PgExecutor<'_>) -> sqlx::Result<bool> {
        let noted = sqlx::query!(
            "insert into incidents.handover (policy_id, level, schedule_id, member_id, starts_at) values ($1, $2, $3, $4, $5)
             on conflict do nothing",
            self.policy_id,
            self.level,
            self.schedule_id.as_deref().unwrap_or_default(),
            self.member_id,
            self.starts_at
        );
        Ok(noted.execute(db).await?.rows_affected() > 0)
    }

    /// Forgets of which turns people were told before this moment.
    pub async fn forget_told(db: impl PgExecutor<'_>, before: DateTime<Utc>) -> sqlx::Result<u64> {
        let gone = sqlx::query!("delete from incidents.handover where told_at < $1", before);
        Ok(gone.execute(db).await?.rows_affected())
    }
}
