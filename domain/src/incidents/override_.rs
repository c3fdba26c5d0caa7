use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

/// A turn that somebody takes over from whoever the schedule names.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// PagerDuty's id.
    pub id: String,
    /// The schedule.
    pub schedule_id: String,
    /// Who takes it.
    pub member_id: String,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
}

impl Override {
    /// Keeps an override; why it was made, and by whom, where that was said to us. What was said before stays.
    pub async fn write(
        &self,
        db: impl PgExecutor<'_>,
        (reason, made_by): (Option<&str>, Option<Uuid>),
        seen_at: DateTime<Utc>,
    ) -> sqlx::Result<bool> {
        let written = sqlx::query!(
            "insert into incidents.override as o
                (id, schedule_id, member_id, starts_at, ends_at, reason, made_by, seen_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (id) do update set schedule_id = excluded.schedule_id, member_id = excluded.member_id,
                starts_at = excluded.starts_at, ends_at = excluded.ends_at, gone_at = null,
                reason = coalesce(excluded.reason, o.reason), made_by = coalesce(excluded.made_by, o.made_by)
             where (o.schedule_id, o.member_id, o.starts_at, o.ends_at, o.gone_at) is distinct from
                (excluded.schedule_id, excluded.member_id, excluded.starts_at, excluded.ends_at, null)
                or (excluded.reason is not null and o.reason is distinct from excluded.reason)",
            self.id,
            self.schedule_id,
            self.member_id,
            self.starts_at,
            self.ends_at,
            reason,
            made_by,
            seen_at
        );
        Ok(written.execute(db).await?.rows_affected() > 0)
    }

    /// Marks those of a schedule as gone that lie in this time and are none of these, unless they were made after `read_at`.
    pub async fn gone(
        db: impl PgExecutor<'_>,
        (schedule, kept): (&str, &[String]),
        (since, until): (DateTime<Utc>, DateTime<Utc>),
        read_at: DateTime<Utc>,
    ) -> sqlx::Result<u64> {
        let gone = sqlx::query!(
            "update incidents.override set gone_at = now()
             where schedule_id = $1 and ends_at > $3 and starts_at < $4 and seen_at < $5 and gone_at is null
                and not (id = any($2))",
            schedule,
            kept,
            since,
            until,
            read_at
        );
        Ok(gone.execute(db).await?.rows_affected())
    }
}
