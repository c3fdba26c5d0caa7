//! What a reading of PagerDuty is compared with.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::incident::Row;
use super::{Assignee, Incident, Service};

impl Incident {
    /// The incidents with these ids, in no order.
    pub async fn with_ids(db: impl PgExecutor<'_>, ids: &[String]) -> sqlx::Result<Vec<Self>> {
        let rows = sqlx::query_as!(
            Row,
            "select id, number, title, status, urgency, priority, service_id, policy_id, key, url, bridge_url, created_at,
                resolved_at, changed_by, source_at, source_id, revision
             from incidents.incident where id = any($1)",
            ids
        );
        Ok(rows.fetch_all(db).await?.into_iter().map(Self::from).collect())
    }

    /// Ids of those whose log is to be read: of open ones again and again, and once after one is over.
    pub async fn log_due(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<String>> {
        sqlx::query_scalar!(
            r#"select id as "id!" from (
                select id, status = 'resolved' as over, log_read_at, created_at from incidents.incident
                where status <> 'resolved'
                    or (created_at > now() - interval '30 days' and (log_read_at is null or log_read_at < source_at))
                union all
                -- Those that a reading told just now, and that are not known until that is applied.
                select subject, false, null, received_at from inbox.delivery d
                where source = 'pagerduty' and state = 'pending' and event = 'poll.incident'
                    and not exists (select from incidents.incident i where i.id = d.subject)
             ) it order by over, log_read_at nulls first, created_at desc limit $1"#,
            limit
        )
        .fetch_all(db)
        .await
    }

    /// Notes that the logs of these were read at this moment.
    pub async fn log_read(db: impl PgExecutor<'_>, ids: &[String], at: DateTime<Utc>) -> sqlx::Result<()> {
        sqlx::query!("update incidents.incident set log_read_at = $2 where id = any($1)", ids, at).execute(db).await?;
        Ok(())
    }
}

impl Assignee {
    /// Ids of those whom these incidents ask, with the incident's.
    pub async fn ids_of(db: impl PgExecutor<'_>, incidents: &[String]) -> sqlx::Result<Vec<(String, String)>> {
        sqlx::query!("select incident_id, member_id from incidents.assignee where incident_id = any($1)", incidents)
            .map(|it| (it.incident_id, it.member_id))
            .fetch_all(db)
            .await
    }
}

impl Service {
    /// The services that PagerDuty has, as far as we know, in no order.
    pub async fn present(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, description, status, policy_id, url from incidents.service where gone_at is null"
        )
        .fetch_all(db)
        .await
    }
}
