use secrecy::SecretString;
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::document::annotation::{PAGERDUTY_INTEGRATION_KEY, PAGERDUTY_SERVICE_ID, TIER};

/// An entity of the catalog that says which service of PagerDuty is its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Its reference.
    pub reference: String,
    /// What people call it.
    pub title: String,
    /// Entity name of the group that owns it.
    pub owner: Option<String>,
    /// How much depends on it.
    pub tier: Option<String>,
    /// PagerDuty's id of the service.
    pub service: Option<String>,
    /// Whether it names a key by which its service is paged. The key itself is read only to page.
    pub pageable: bool,
}

impl Bound {
    /// The entities of a service, by reference.
    pub async fn of_service(db: impl PgExecutor<'_>, service: &str) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select e.ref as reference, coalesce(e.title, e.name) as "title!", g.name as "owner?",
                e.document #>> array['metadata', 'annotations', $2::text] as tier, $1::text as service,
                e.document #>> array['metadata', 'annotations', $3::text] is not null as "pageable!"
             from catalog.entity e left join org."group" g on g.ref = e.owner and g.left_at is null
             where e.document #>> '{metadata,annotations,pagerduty.com/service-id}' = $1 and e.orphaned_at is null
             order by e.ref"#,
            service,
            TIER,
            PAGERDUTY_INTEGRATION_KEY
        )
        .fetch_all(db)
        .await
    }

    /// The entities with this reference or this name, and those of the group with it, that have to do with PagerDuty; one
    /// that is called so comes first.
    pub async fn called(db: impl PgExecutor<'_>, words: &str, limit: i64) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select e.ref as reference, coalesce(e.title, e.name) as "title!", g.name as "owner?",
                e.document #>> array['metadata', 'annotations', $3::text] as tier,
                e.document #>> array['metadata', 'annotations', $5::text] as service,
                e.document #>> array['metadata', 'annotations', $4::text] is not null as "pageable!"
             from catalog.entity e left join org."group" g on g.ref = e.owner and g.left_at is null
             where e.orphaned_at is null
                and (e.ref = lower($1) or lower(e.name) = lower($1) or lower(e.title) = lower($1)
                    or e.owner in ('group:default/' || lower($1), lower($1)))
             order by e.ref <> lower($1), lower(e.name) <> lower($1),
                e.document #>> array['metadata', 'annotations', $4::text] is null, e.ref
             limit $2"#,
            words,
            limit,
            TIER,
            PAGERDUTY_INTEGRATION_KEY,
            PAGERDUTY_SERVICE_ID
        )
        .fetch_all(db)
        .await
    }

    /// The key by which the service of an entity is paged.
    pub async fn key(db: impl PgExecutor<'_>, reference: &str) -> sqlx::Result<Option<SecretString>> {
        let key = sqlx::query_scalar!(
            "select document #>> array['metadata', 'annotations', $2::text] from catalog.entity
             where ref = $1 and orphaned_at is null",
            reference,
            PAGERDUTY_INTEGRATION_KEY
        );
        Ok(key.fetch_optional(db).await?.flatten().map(SecretString::from))
    }
}

/// Who of the directory has to do with an incident: those asked now, and those asked to help.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Involved {
    /// Asked now.
    pub asked: Vec<Uuid>,
    /// Asked to help.
    pub helping: Vec<Uuid>,
}

impl Involved {
    /// Those of an incident.
    pub async fn of(db: impl PgExecutor<'_>, incident: &str) -> sqlx::Result<Self> {
        sqlx::query_as!(
            Self,
            r#"with asked as (
                select a.person_id from incidents.assignee s
                join auth.account a on a.platform = 'pagerduty' and a.tenant = '' and a.external_id = s.member_id
                where s.incident_id = $1
             ), helping as (
                select a.person_id from incidents.responder r
                join auth.account a on a.platform = 'pagerduty' and a.tenant = '' and a.external_id = r.target
                where r.incident_id = $1 and r.kind = 'member' and r.state <> 'declined'
             )
             select array(select person_id from asked order by 1) as "asked!",
                array(select person_id from helping order by 1) as "helping!""#,
            incident
        )
        .fetch_one(db)
        .await
    }

    /// People who take turns on a schedule in these weeks.
    pub async fn turns(db: impl PgExecutor<'_>, schedule: &str) -> sqlx::Result<Vec<Uuid>> {
        sqlx::query_scalar!(
            "select distinct a.person_id from incidents.shift s
             join auth.account a on a.platform = 'pagerduty' and a.tenant = '' and a.external_id = s.member_id
             where s.schedule_id = $1 and s.ends_at > now() - interval '60 days' order by 1",
            schedule
        )
        .fetch_all(db)
        .await
    }

    /// Entity names of the groups whose services are asked by a schedule.
    pub async fn owners(db: impl PgExecutor<'_>, schedule: &str) -> sqlx::Result<Vec<String>> {
        sqlx::query_scalar!(
            r#"select distinct g.name from incidents.level l
             join incidents.service v on v.policy_id = l.policy_id and v.gone_at is null
             join catalog.entity e on e.document #>> '{metadata,annotations,pagerduty.com/service-id}' = v.id
                and e.orphaned_at is null
             join org."group" g on g.ref = e.owner and g.left_at is null
             where l.kind = 'schedule' and l.target = $1 order by 1"#,
            schedule
        )
        .fetch_all(db)
        .await
    }
}
