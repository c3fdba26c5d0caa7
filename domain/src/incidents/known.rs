use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// How much is known of who is on call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Since when turns are read: of the time before nothing is known. None while none was ever read.
    pub since: Option<DateTime<Utc>>,
    /// When they were last read whole.
    pub read_at: Option<DateTime<Utc>>,
}

impl Known {
    /// How much is known now.
    pub async fn now(db: impl PgExecutor<'_>) -> sqlx::Result<Self> {
        sqlx::query_as!(
            Self,
            r#"select coalesce((select min(seen_at) from incidents.shift),
                    (select begun_at from incidents.reading where part = 'shifts' and read_at is not null)) as since,
                (select read_at from incidents.reading where part = 'shifts') as read_at"#
        )
        .fetch_one(db)
        .await
    }
}
