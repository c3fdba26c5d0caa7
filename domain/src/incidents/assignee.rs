use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

use super::Telling;

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

    /// Makes those whom these states name the ones who are asked; who was asked before stays so since then. Gives the ids of
    /// those who were not asked before, by incident.
    pub(super) async fn replace(
        db: impl PgExecutor<'_>,
        tellings: &[&Telling],
    ) -> sqlx::Result<HashMap<String, Vec<String>>> {
        let mut newly: HashMap<String, Vec<String>> = HashMap::new();
        if tellings.is_empty() {
            return Ok(newly);
        }
        let incidents: Vec<&str> = tellings.iter().map(|it| it.incident.id.as_str()).collect();
        let (mut of, mut ids, mut names, mut since) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for it in tellings {
            for (id, name) in &it.asked {
                of.push(it.incident.id.as_str());
                ids.push(id.as_str());
                names.push(name.as_str());
                since.push(it.incident.source_at);
            }
        }
        let rows = sqlx::query!(
            "with gone as (
                delete from incidents.assignee a where incident_id = any($1) and not exists (
                    select from unnest($2::text[], $3::text[]) as t (incident, id)
                    where t.incident = a.incident_id and t.id = a.member_id)
             )
             insert into incidents.assignee (incident_id, member_id, name, assigned_at)
             select * from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[])
             on conflict (incident_id, member_id) do nothing returning incident_id, member_id",
            &incidents as &[&str],
            &of as &[&str],
            &ids as &[&str],
            &names as &[&str],
            &since
        );
        for it in rows.fetch_all(db).await? {
            newly.entry(it.incident_id).or_default().push(it.member_id);
        }
        Ok(newly)
    }
}
