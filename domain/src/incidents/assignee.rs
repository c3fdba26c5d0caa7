use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

/// Somebody who is asked to deal with an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignee {
    /// PagerDuty's id of them.
    pub member_id: String,
    /// What PagerDuty calls them.
    pub name: String,
    /// Since when, as far as we know.
    pub assigned_at: DateTime<Utc>,
    /// The person of the directory, and their entity name.
    pub person: Option<(Uuid, String)>,
}

impl Assignee {
    /// Who is asked now, by name.
    pub async fn of(db: impl PgExecutor<'_>, incident: &str) -> sqlx::Result<Vec<Self>> {
        let rows = sqlx::query!(
            r#"select s.member_id, s.name, s.assigned_at, p.id as "person_id?", p.name as "person?"
             from incidents.assignee s
             left join auth.account a on a.platform = 'pagerduty' and a.tenant = '' and a.external_id = s.member_id
             left join org.person p on p.id = a.person_id and p.left_at is null
             where s.incident_id = $1 order by s.name, s.member_id"#,
            incident
        );
        let found = rows.map(|it| Self {
            member_id: it.member_id,
            name: it.name,
            assigned_at: it.assigned_at,
            person: it.person_id.zip(it.person),
        });
        found.fetch_all(db).await
    }

    /// Who is asked now, of each of these incidents, with the incident's id; by name.
    pub async fn of_all(db: impl PgExecutor<'_>, incidents: &[String]) -> sqlx::Result<Vec<(String, Self)>> {
        let rows = sqlx::query!(
            r#"select s.incident_id, s.member_id, s.name, s.assigned_at, p.id as "person_id?", p.name as "person?"
             from incidents.assignee s
             left join auth.account a on a.platform = 'pagerduty' and a.tenant = '' and a.external_id = s.member_id
             left join org.person p on p.id = a.person_id and p.left_at is null
             where s.incident_id = any($1) order by s.name, s.member_id"#,
            incidents
        );
        let found = rows.map(|it| {
            let person = it.person_id.zip(it.person);
            (it.incident_id, Self { member_id: it.member_id, name: it.name, assigned_at: it.assigned_at, person })
        });
        found.fetch_all(db).await
    }

    /// Makes these (id, name) the ones who are asked; who was asked before stays so since then. Gives the ids of those who
    /// were not asked before.
    pub(super) async fn replace(
        db: impl PgExecutor<'_>,
        incident: &str,
        now: &[(String, String)],
        at: DateTime<Utc>,
    ) -> sqlx::Result<Vec<String>> {
        let (ids, names): (Vec<String>, Vec<String>) = now.iter().cloned().unzip();
        sqlx::query_scalar!(
            "with gone as (
                delete from incidents.assignee where incident_id = $1 and not (member_id = any($2))
             )
             insert into incidents.assignee (incident_id, member_id, name, assigned_at)
             select $1, id, name, $4 from unnest($2::text[], $3::text[]) as t (id, name)
             on conflict (incident_id, member_id) do nothing returning member_id",
            incident,
            &ids,
            &names,
            at
        )
        .fetch_all(db)
        .await
    }
}
