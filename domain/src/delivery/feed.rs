use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::Source;

/// When a sender last sent something by itself; what reading its API told does not count.
pub async fn last(db: impl PgExecutor<'_>, source: Source) -> sqlx::Result<Option<DateTime<Utc>>> {
    match source {
        Source::Github => {
            sqlx::query_scalar!(
                "select received_at from inbox.delivery where source = 'github' order by id desc limit 1"
            )
            .fetch_optional(db)
            .await
        }
        Source::Pagerduty => {
            sqlx::query_scalar!(
                "select received_at from inbox.delivery where source = 'pagerduty' and event not like 'poll.%'
                 order by received_at desc limit 1"
            )
            .fetch_optional(db)
            .await
        }
    }
}

/// When PagerDuty's last ping came: each shows that the road from there to here is open.
pub async fn last_ping(db: impl PgExecutor<'_>) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        "select received_at from inbox.delivery where source = 'pagerduty' and event = 'pagey.ping'
         order by received_at desc limit 1"
    )
    .fetch_optional(db)
    .await
}
