use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// Somebody who was asked to help with an incident besides whoever it is assigned to.
#[derive(Clone, Debug, PartialEq)]
pub struct Responder {
    /// Whether it is a policy, of which whoever is on call was asked.
    pub is_policy: bool,
    /// PagerDuty's id of the member or policy.
    pub target: String,
    /// What PagerDuty calls it.
    pub name: String,
    /// PagerDuty's word for what they said.
    pub state: String,
    /// What they were told.
    pub message: Option<String>,
}

impl Responder {
    /// Who was asked to help, by name.
    pub async fn of(db: impl PgExecutor<'_>, incident: &str) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select kind = 'policy' as "is_policy!", target, name, state, message from incidents.responder
             where incident_id = $1 order by name, target"#,
            incident
        )
        .fetch_all(db)
        .await
    }

    /// Keeps what is known of a responder, unless something newer is; false where nothing changed.
    pub async fn write(&self, db: impl PgExecutor<'_>, incident: &str, source_at: DateTime<Utc>) -> sqlx::Result<bool> {
        let kind = if self.is_policy { "policy" } else { "member" };
        let written = sqlx::query!(
            "insert into incidents.responder as r (incident_id, kind, target, name, state, message, source_at)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (incident_id, kind, target) do update set name = excluded.name, state = excluded.state,
                message = coalesce(excluded.message, r.message), source_at = excluded.source_at
             where r.source_at <= excluded.source_at and (r.name, r.state) is distinct from (excluded.name, excluded.state)",
            incident,
            kind,
            self.target,
            self.name,
            self.state,
            self.message,
            source_at
        );
        Ok(written.execute(db).await?.rows_affected() > 0)
    }
}
