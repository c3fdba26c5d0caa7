use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// A schedule: who takes turns.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// PagerDuty's id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// IANA name of its zone.
    pub time_zone: Option<String>,
    /// Its page in PagerDuty.
    pub url: Option<String>,
}

impl Schedule {
    /// The schedules with these ids, by name.
    pub async fn with_ids(db: impl PgExecutor<'_>, ids: &[String]) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, time_zone, url from incidents.schedule where id = any($1) order by name, id",
            ids
        )
        .fetch_all(db)
        .await
    }

    /// The schedules that PagerDuty has, whose name has this in it, by name; one that is called so comes first.
    pub async fn named(db: impl PgExecutor<'_>, part: &str, limit: i64) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, time_zone, url from incidents.schedule
             where gone_at is null and (id = $1 or position(lower($1) in lower(name)) > 0)
             order by id <> $1, lower(name) <> lower($1), name, id limit $2",
            part,
            limit
        )
        .fetch_all(db)
        .await
    }

    /// Keeps a schedule, unless something newer is known; false where nothing changed.
    pub async fn write(&self, db: impl PgExecutor<'_>, source_at: DateTime<Utc>) -> sqlx::Result<bool> {
        let written = sqlx::query!(
            "insert into incidents.schedule as s (id, name, time_zone, url, source_at) values ($1, $2, $3, $4, $5)
             on conflict (id) do update set name = excluded.name, time_zone = excluded.time_zone, url = excluded.url,
                source_at = excluded.source_at, gone_at = null
             where s.source_at <= excluded.source_at and (s.name, s.time_zone, s.url, s.gone_at)
                is distinct from (excluded.name, excluded.time_zone, excluded.url, null)",
            self.id,
            self.name,
            self.time_zone,
            self.url,
            source_at
        );
        Ok(written.execute(db).await?.rows_affected() > 0)
    }
}
