use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

/// Somebody in PagerDuty who can be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// PagerDuty's id.
    pub id: String,
    /// What PagerDuty calls them.
    pub name: String,
    /// E-mail address there.
    pub email: Option<String>,
    /// IANA name of the zone that they live in, as PagerDuty has it.
    pub time_zone: Option<String>,
    /// Their page there.
    pub url: Option<String>,
    /// The person of the directory whose account it is.
    pub person_id: Option<Uuid>,
    /// That person's entity name.
    pub person: Option<String>,
}

impl Member {
    /// The members with these ids, in no order.
    pub async fn with_ids(db: impl PgExecutor<'_>, ids: &[String]) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select m.id, m.name, m.email, m.time_zone, m.url, p.id as "person_id?", p.name as "person?"
             from incidents.member m
             left join auth.account a on a.platform = 'pagerduty' and a.tenant = '' and a.external_id = m.id
             left join org.person p on p.id = a.person_id and p.left_at is null
             where m.id = any($1)"#,
            ids
        )
        .fetch_all(db)
        .await
    }

    /// Ids of a person's accounts, the one that was proven last first.
    pub async fn of_person(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<Vec<String>> {
        sqlx::query_scalar!(
            "select external_id from auth.account where platform = 'pagerduty' and tenant = '' and person_id = $1
             order by proven_at desc",
            person
        )
        .fetch_all(db)
        .await
    }

    /// Keeps what is known of somebody, unless something newer is; false where nothing changed.
    pub async fn write(&self, db: impl PgExecutor<'_>, source_at: DateTime<Utc>) -> sqlx::Result<bool> {
        let written = sqlx::query!(
            "insert into incidents.member (id, name, email, time_zone, url, source_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (id) do update set name = excluded.name, email = excluded.email, time_zone = excluded.time_zone,
                url = excluded.url, source_at = excluded.source_at, gone_at = null
             where member.source_at <= excluded.source_at
                and (member.name, member.email, member.time_zone, member.url, member.gone_at)
                    is distinct from (excluded.name, excluded.email, excluded.time_zone, excluded.url, null)",
            self.id,
            self.name,
            self.email,
            self.time_zone,
            self.url,
            source_at
        );
        Ok(written.execute(db).await?.rows_affected() > 0)
    }
}
