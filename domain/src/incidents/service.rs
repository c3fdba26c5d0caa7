use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// A service of PagerDuty: what can break.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// PagerDuty's id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What PagerDuty says of it.
    pub description: Option<String>,
    /// PagerDuty's word for how it does.
    pub status: String,
    /// The policy that says who is asked.
    pub policy_id: Option<String>,
    /// Its page in PagerDuty.
    pub url: Option<String>,
}

impl Service {
    /// The services with these ids, by name.
    pub async fn with_ids(db: impl PgExecutor<'_>, ids: &[String]) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, description, status, policy_id, url from incidents.service where id = any($1) order by name, id",
            ids
        )
        .fetch_all(db)
        .await
    }

    /// The services that PagerDuty has, whose name has this in it, by name; one that is called so comes first.
    pub async fn named(db: impl PgExecutor<'_>, part: &str, limit: i64) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, description, status, policy_id, url from incidents.service
             where gone_at is null and (id = $1 or position(lower($1) in lower(name)) > 0)
             order by id <> $1, lower(name) <> lower($1), name, id limit $2",
            part,
            limit
        )
        .fetch_all(db)
        .await
    }

    /// The services in use whose incidents these policies deal with, by name.
    pub async fn of_policies(db: impl PgExecutor<'_>, policies: &[String]) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, description, status, policy_id, url from incidents.service
             where policy_id = any($1) and gone_at is null order by name, id",
            policies
        )
        .fetch_all(db)
        .await
    }

    /// References of the entities whose annotation names one of these services, with that service's id.
    pub async fn entities(db: impl PgExecutor<'_>, ids: &[String]) -> sqlx::Result<Vec<(String, String)>> {
        sqlx::query!(
            r#"select document #>> '{metadata,annotations,pagerduty.com/service-id}' as "service!", ref
             from catalog.entity
             where document #>> '{metadata,annotations,pagerduty.com/service-id}' = any($1) and orphaned_at is null
             order by ref"#,
            ids
        )
        .map(|it| (it.service, it.r#ref))
        .fetch_all(db)
        .await
    }

    /// Ids of the services that these entities' annotations name, with the entity.
    pub async fn of_entities(db: impl PgExecutor<'_>, references: &[String]) -> sqlx::Result<Vec<(String, String)>> {
        sqlx::query!(
            r#"select document #>> '{metadata,annotations,pagerduty.com/service-id}' as "service!", ref
             from catalog.entity
             where ref = any($1) and document #>> '{metadata,annotations,pagerduty.com/service-id}' is not null
             order by ref"#,
            references
        )
        .map(|it| (it.service, it.r#ref))
        .fetch_all(db)
        .await
    }

    /// Keeps a service, unless something newer is known; false where nothing changed.
    pub async fn write(&self, db: impl PgExecutor<'_>, source_at: DateTime<Utc>) -> sqlx::Result<bool> {
        let written = sqlx::query!(
            "insert into incidents.service as s (id, name, description, status, policy_id, url, source_at)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (id) do update set name = excluded.name, description = excluded.description,
                status = excluded.status, policy_id = excluded.policy_id, url = excluded.url,
                source_at = excluded.source_at, gone_at = null
             where s.source_at <= excluded.source_at and (s.name, s.description, s.status, s.policy_id, s.url, s.gone_at)
                is distinct from
                (excluded.name, excluded.description, excluded.status, excluded.policy_id, excluded.url, null)",
            self.id,
            self.name,
            self.description,
            self.status,
            self.policy_id,
            self.url,
            source_at
        );
        Ok(written.execute(db).await?.rows_affected() > 0)
    }

    /// Keeps a service's name and page, which is all that an event tells of it, unless something newer is known.
    pub async fn rename(
        db: impl PgExecutor<'_>,
        (id, name, url): (&str, &str, Option<&str>),
        source_at: DateTime<Utc>,
    ) -> sqlx::Result<bool> {
        let written = sqlx::query!(
            "insert into incidents.service as s (id, name, status, url, source_at) values ($1, $2, 'active', $3, $4)
             on conflict (id) do update set name = excluded.name, url = coalesce(excluded.url, s.url),
                source_at = excluded.source_at, gone_at = null
             where s.source_at <= excluded.source_at
                and (s.name, s.url, s.gone_at) is distinct from (excluded.name, coalesce(excluded.url, s.url), null)",
            id,
            name,
            url,
            source_at
        );
        Ok(written.execute(db).await?.rows_affected() > 0)
    }
}
