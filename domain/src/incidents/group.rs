//! Several incidents of which one message tells.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgExecutor;
use sqlx::types::Json;

use super::{Status, Urgency};

/// Incidents of one message that are named; the others are counted.
const NAMED: i64 = 10;

/// Services of one message that are named.
const SERVICES: i64 = 3;

/// The incidents of which one message tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Key of the message.
    pub key: String,
    /// How many there are.
    pub total: i64,
    /// How many nobody has taken.
    pub triggered: i64,
    /// How many somebody works on.
    pub acknowledged: i64,
    /// How many titles they have.
    pub titles: i64,
    /// How many services they are about.
    pub services: i64,
    /// What people call some of those.
    pub service_names: Vec<String>,
    /// Since when, for the first.
    pub since: DateTime<Utc>,
    /// Some of them, that for which the message was put among them: those that nobody has taken first, and the newest of those.
    pub named: Vec<Grouped>,
}

/// One of several incidents.
#[derive(Clone, Debug, PartialEq)]
pub struct Grouped {
    /// Its number.
    pub number: i64,
    /// What is wrong.
    pub title: String,
    /// How far it has come.
    pub status: Status,
    /// How loudly people are asked.
    pub urgency: Urgency,
    /// What people call its service.
    pub service: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Who changed it last.
    pub changed_by: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Row {
    number: i64,
    title: String,
    status: String,
    urgency: String,
    service: String,
    created_at: DateTime<Utc>,
    changed_by: Option<String>,
}

impl From<Row> for Grouped {
    fn from(it: Row) -> Self {
        Self {
            number: it.number,
            title: it.title,
            status: Status::from_word(&it.status).unwrap_or(Status::Triggered),
            urgency: Urgency::from_word(&it.urgency),
            service: it.service,
            created_at: it.created_at,
            changed_by: it.changed_by,
        }
    }
}

impl Group {
    /// How many are not over.
    pub fn open(&self) -> i64 {
        self.triggered + self.acknowledged
    }

    /// What each of these messages tells of, in no order.
    pub async fn of(db: impl PgExecutor<'_>, keys: &[String]) -> sqlx::Result<Vec<Self>> {
        let rows = sqlx::query!(
            r#"with told as materialized (
                select t.key, i.id, i.number, i.title, i.status, i.urgency, i.service_id, i.created_at, i.changed_by
                from incidents.pinged t join incidents.incident i on i.id = t.incident_id where t.key = any($1)
             ), counted as materialized (
                select key, count(*) as total, count(*) filter (where status = 'triggered') as triggered,
                    count(*) filter (where status = 'acknowledged') as acknowledged, count(distinct title collate "C") as titles,
                    count(distinct service_id collate "C") as services, min(created_at) as since
                from told group by key
             )
             select c.key as "key!", c.total as "total!", c.triggered as "triggered!", c.acknowledged as "acknowledged!",
                c.titles as "titles!", c.services as "services!", c.since as "since!",
                (select coalesce(array_agg(name order by name), '{}') from (
                    select coalesce(v.name, s.service_id) as name
                    from (select service_id from told where key = c.key group by service_id
                        order by service_id collate "C" limit $3) s
                    left join incidents.service v on v.id = s.service_id) n
                ) as "service_names!",
                -- The one for which the message was put is named whatever came after it: it may be named nowhere else.
                (select jsonb_agg(to_jsonb(n) || jsonb_build_object('service', coalesce(v.name, n.service_id))
                    order by array_position(array['triggered', 'acknowledged'], n.status) nulls last,
                    n.created_at desc, n.number desc) from (
                    select number, title, status, urgency, service_id, created_at, changed_by
                    from told where key = c.key
                    order by id = (select incident_id from incidents.ping where key = c.key) desc,
                        array_position(array['triggered', 'acknowledged'], status) nulls last, created_at desc,
                        number desc limit $2) n left join incidents.service v on v.id = n.service_id
                ) as "named!: Json<Vec<Row>>"
             from counted c"#,
            keys,
            NAMED,
            SERVICES
        );
        let groups = rows.map(|it| Self {
            key: it.key,
            total: it.total,
            triggered: it.triggered,
            acknowledged: it.acknowledged,
            titles: it.titles,
            services: it.services,
            service_names: it.service_names,
            since: it.since,
            named: it.named.0.into_iter().map(Grouped::from).collect(),
        });
        groups.fetch_all(db).await
    }
}
