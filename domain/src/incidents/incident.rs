use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::{Status, Urgency};

/// An incident, as PagerDuty last told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// PagerDuty's id.
    pub id: String,
    /// The number that people read.
    pub number: i64,
    /// What is wrong.
    pub title: String,
    /// How far it has come.
    pub status: Status,
    /// How loudly people are asked.
    pub urgency: Urgency,
    /// Name of its priority.
    pub priority: Option<String>,
    /// The service that it is about.
    pub service_id: String,
    /// The policy by which people are asked.
    pub policy_id: Option<String>,
    /// PagerDuty's key of the cause.
    pub key: Option<String>,
    /// Its page in PagerDuty.
    pub url: Option<String>,
    /// Where people talk about it.
    pub bridge_url: Option<String>,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was over.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Who changed it last, in words; nobody where PagerDuty did so by itself.
    pub changed_by: Option<String>,
    /// The moment that this state is from.
    pub source_at: DateTime<Utc>,
    /// Id of the event that told it; of two at one moment the greater counts.
    pub source_id: String,
    /// Counts the changes that we saw.
    pub revision: i64,
}

/// Which incidents are listed: each part narrows it down.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Only those that are not over.
    pub open: bool,
    /// Only of these services.
    pub services: Option<&'a [String]>,
    /// Only by these policies.
    pub policies: Option<&'a [String]>,
    /// Only those that ask one of these members now.
    pub members: Option<&'a [String]>,
    /// Only those that began at this moment or later.
    pub since: Option<DateTime<Utc>>,
}

/// A row, before its words are read.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) number: i64,
    pub(super) title: String,
    pub(super) status: String,
    pub(super) urgency: String,
    pub(super) priority: Option<String>,
    pub(super) service_id: String,
    pub(super) policy_id: Option<String>,
    pub(super) key: Option<String>,
    pub(super) url: Option<String>,
    pub(super) bridge_url: Option<String>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) resolved_at: Option<DateTime<Utc>>,
    pub(super) changed_by: Option<String>,
    pub(super) source_at: DateTime<Utc>,
    pub(super) source_id: String,
    pub(super) revision: i64,
}

impl From<Row> for Incident {
    fn from(it: Row) -> Self {
        Self {
            id: it.id,
            number: it.number,
            title: it.title,
            // A constraint keeps it to the words that we know.
            status: Status::from_word(&it.status).unwrap_or(Status::Triggered),
            urgency: Urgency::from_word(&it.urgency),
            priority: it.priority,
            service_id: it.service_id,
            policy_id: it.policy_id,
            key: it.key,
            url: it.url,
            bridge_url: it.bridge_url,
            created_at: it.created_at,
            resolved_at: it.resolved_at,
            changed_by: it.changed_by,
            source_at: it.source_at,
            source_id: it.source_id,
            revision: it.revision,
        }
    }
}

impl Incident {
    /// The incident with this id of PagerDuty.
    pub async fn with_id(db: impl PgExecutor<'_>, id: &str) -> sqlx::Result<Option<Self>> {
        let row = sqlx::query_as!(
            Row,
            "select id, number, title, status, urgency, priority, service_id, policy_id, key, url, bridge_url, created_at,
                resolved_at, changed_by, source_at, source_id, revision
             from incidents.incident where id = $1",
            id
        );
        Ok(row.fetch_optional(db).await?.map(Self::from))
    }

    /// The incident with the number that people read.
    pub async fn numbered(db: impl PgExecutor<'_>, number: i64) -> sqlx::Result<Option<Self>> {
        let row = sqlx::query_as!(
            Row,
            "select id, number, title, status, urgency, priority, service_id, policy_id, key, url, bridge_url, created_at,
                resolved_at, changed_by, source_at, source_id, revision
             from incidents.incident where number = $1 order by created_at desc limit 1",
            number
        );
        Ok(row.fetch_optional(db).await?.map(Self::from))
    }

    /// The newest incidents, with how many there are in all.
    pub async fn list(
        db: impl PgExecutor<'_>,
        filter: Filter<'_>,
        (limit, offset): (i64, i64),
    ) -> sqlx::Result<(Vec<Self>, i64)> {
        let rows = sqlx::query!(
            r#"select id, number, title, status, urgency, priority, service_id, policy_id, key, url, bridge_url, created_at,
                resolved_at, changed_by, source_at, source_id, revision, count(*) over () as "total!"
             from incidents.incident i
             where (not $1 or status <> 'resolved') and ($2::text[] is null or service_id = any($2))
                and ($3::text[] is null or policy_id = any($3))
                and ($4::text[] is null or exists (select from incidents.assignee s
                    where s.incident_id = i.id and s.member_id = any($4)))
                and ($5::timestamptz is null or created_at >= $5)
             order by created_at desc, number desc limit $6 offset $7"#,
            filter.open,
            filter.services,
            filter.policies,
            filter.members,
            filter.since,
            limit,
            offset
        )
        .fetch_all(db)
        .await?;
        let total = rows.first().map_or(0, |it| it.total);
        let rows = rows.into_iter().map(|it| Row {
            id: it.id,
            number: it.number,
            title: it.title,
            status: it.status,
            urgency: it.urgency,
            priority: it.priority,
            service_id: it.service_id,
            policy_id: it.policy_id,
            key: it.key,
            url: it.url,
            bridge_url: it.bridge_url,
            created_at: it.created_at,
            resolved_at: it.resolved_at,
            changed_by: it.changed_by,
            source_at: it.source_at,
            source_id: it.source_id,
            revision: it.revision,
        });
        Ok((rows.map(Self::from).collect(), total))
    }

    /// How many incidents of each of these services are not over; services without any are left out.
    pub async fn open_of(db: impl PgExecutor<'_>, services: &[String]) -> sqlx::Result<HashMap<String, i64>> {
        let rows = sqlx::query!(
            r#"select service_id, count(*) as "open!" from incidents.incident
             where service_id = any($1) and status <> 'resolved' group by service_id"#,
            services
        );
        rows.map(|it| (it.service_id, it.open)).fetch_all(db).await.map(HashMap::from_iter)
    }

    /// Those of these incidents that are known, by their ids; nobody else changes them until the transaction ends.
    pub async fn hold(db: impl PgExecutor<'_>, ids: &[String]) -> sqlx::Result<HashMap<String, Self>> {
        let rows = sqlx::query_as!(
            Row,
            // In one order, so that two transactions cannot wait for each other.
            "select id, number, title, status, urgency, priority, service_id, policy_id, key, url, bridge_url, created_at,
                resolved_at, changed_by, source_at, source_id, revision
             from incidents.incident where id = any($1) order by id for update",
            ids
        );
        let held = rows.fetch_all(db).await?.into_iter().map(Self::from);
        Ok(held.map(|it| (it.id.clone(), it)).collect())
    }

    /// Ids of those that are not over, and of those that only their log or their responders name.
    pub async fn unsettled(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<String>> {
        sqlx::query_scalar!(
            r#"select id as "id!" from (
                select id from incidents.incident where status <> 'resolved'
                union select incident_id from incidents.log l
                    where not exists (select from incidents.incident i where i.id = l.incident_id)
                union select incident_id from incidents.responder r
                    where not exists (select from incidents.incident i where i.id = r.incident_id)
             ) it order by id limit $1"#,
            limit
        )
        .fetch_all(db)
        .await
    }

    /// Keeps where people talk about an incident, unless something newer is known; false where nothing changed.
    pub async fn meet(db: impl PgExecutor<'_>, id: &str, url: Option<&str>, at: DateTime<Utc>) -> sqlx::Result<bool> {
        let written = sqlx::query!(
            "update incidents.incident set bridge_url = $2, bridge_at = $3, revision = revision + 1
             where id = $1 and source_at <= $3 and (bridge_at is null or bridge_at <= $3)
                and bridge_url is distinct from $2",
            id,
            url,
            at
        );
        Ok(written.execute(db).await?.rows_affected() > 0)
    }
}
