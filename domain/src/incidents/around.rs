//! What lies around incidents, read at once: one statement for the cards of all, since events come by the hundred.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgExecutor;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Incident, Status, Urgency};

/// Entities that say that a service is theirs, beyond which none is read.
const ENTITIES: i64 = 8;

/// Other incidents beyond these are counted, not named.
const NEAR: i64 = 5;

/// What there is around an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Around {
    /// What people call the service.
    pub service: Option<String>,
    /// Its page in PagerDuty.
    pub service_url: Option<String>,
    /// The escalation policy, by the incident or else by the service: its id and what people call it.
    pub policy: Option<(String, String)>,
    /// Entities of the catalog whose annotation names the service.
    pub entities: Vec<Tied>,
    /// Who is on call now by that policy.
    pub on_call: Vec<Turn>,
    /// Who is asked now, by name.
    pub asked: Vec<Somebody>,
    /// Who was asked to help besides, by name.
    pub helping: Vec<Helping>,
    /// Who brought it to the status that it has: PagerDuty's id, and in words; nobody where PagerDuty did so by itself.
    pub settled_by: Option<Settler>,
    /// Other open incidents nearby, the nearest and newest first.
    pub near: Vec<Near>,
    /// How many of those there are in all.
    pub near_total: i64,
}

/// An entity of the catalog whose service it is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Tied {
    /// Canonical reference.
    pub reference: String,
    /// What people call it.
    pub title: String,
    /// Canonical reference of its owner.
    pub owner: Option<String>,
    /// What people call the owner; nothing where nobody knows it.
    pub owner_title: Option<String>,
    /// The owner's entity name.
    pub owner_name: Option<String>,
    /// Where its people talk, as annotated.
    pub channel: Option<String>,
    /// Where the owner's people talk, as annotated there.
    pub owner_channel: Option<String>,
    /// The page to open when it breaks, as annotated.
    pub runbook: Option<String>,
    /// Its dashboards, as annotated.
    pub dashboards: Option<String>,
}

/// Somebody of PagerDuty, and who that is in the directory.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Somebody {
    /// PagerDuty's id.
    pub member_id: String,
    /// What PagerDuty calls them.
    pub name: String,
    /// The directory's id of the person.
    pub person_id: Option<Uuid>,
    /// Their entity name.
    pub person: Option<String>,
    /// What people call them.
    pub display: Option<String>,
}

/// Somebody whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Turn {
    /// Level of the policy, from 1.
    pub level: i16,
    /// Who.
    #[serde(flatten)]
    pub who: Somebody,
}

/// Somebody who was asked to help, or whoever a policy names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Helping {
    /// PagerDuty's word for what they said.
    pub state: String,
    /// Who; a policy has no person.
    #[serde(flatten)]
    pub who: Somebody,
}

/// Who brought an incident to its status.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Settler {
    /// PagerDuty's id of them.
    pub member_id: Option<String>,
    /// In words.
    pub who: Option<String>,
}

/// Another open incident, and what it has to do with this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
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
    /// Why it is near.
    pub why: Nearness,
}

/// Why another incident is near, the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// It is about the same service.
    SameService,
    /// It is about something that this service needs, or that needs it.
    Dependency,
    /// It is about something of the same owner.
    SameOwner,
}

/// A row, before its words are read.
#[derive(Debug, Deserialize)]
struct NearRow {
    number: i64,
    title: String,
    status: String,
    urgency: String,
    service: String,
    created_at: DateTime<Utc>,
    why: i16,
    total: i64,
}

impl From<NearRow> for Near {
    fn from(it: NearRow) -> Self {
        Self {
            number: it.number,
            title: it.title,
            status: Status::from_word(&it.status).unwrap_or(Status::Triggered),
            urgency: Urgency::from_word(&it.urgency),
            service: it.service,
            created_at: it.created_at,
            why: match it.why {
                0 => Nearness::SameService,
                1 => Nearness::Dependency,
                _ => Nearness::SameOwner,
            },
        }
    }
}

impl Around {
    /// What there is around each of these incidents at a moment, in their order.
    pub async fn of(db: impl PgExecutor<'_>, incidents: &[&Incident], at: DateTime<Utc>) -> sqlx::Result<Vec<Self>> {
        let ids: Vec<&str> = incidents.iter().map(|it| it.id.as_str()).collect();
        let services: Vec<&str> = incidents.iter().map(|it| it.service_id.as_str()).collect();
        let policies: Vec<Option<&str>> = incidents.iter().map(|it| it.policy_id.as_deref()).collect();
        let statuses: Vec<&str> = incidents.iter().map(|it| it.status.as_str()).collect();
        let rows = sqlx::query!(
            r#"select around.*
             from unnest($1::text[], $2::text[], $3::text[], $7::text[]) with ordinality one (id, service, policy, status, nth)
             cross join lateral (with mine as materialized (
                select e.ref, coalesce(e.title, e.name) as title, e.owner, e.document -> 'metadata' -> 'annotations' as said
                from catalog.entity e
                where e.document #>> '{metadata,annotations,pagerduty.com/service-id}' = one.service and e.orphaned_at is null
                order by e.ref limit $6
             ), policy as materialized (
                select coalesce(one.policy, (select policy_id from incidents.service where id = one.service)) as id
             ), around as materialized (
                select service, min(why) as why from (
                    select one.service, 0 as why
                    union all
                    select d.document #>> '{metadata,annotations,pagerduty.com/service-id}', 1
                    from mine join catalog.relation r on r.source = mine.ref
                        and r.type in ('dependsOn', 'dependencyOf', 'consumesApi', 'apiConsumedBy')
                    join catalog.entity d on d.ref = r.target
                    union all
                    select o.document #>> '{metadata,annotations,pagerduty.com/service-id}', 2
                    from (select distinct owner from mine) m join catalog.entity o on o.owner = m.owner
                ) each where service is not null group by service
             )
             select s.name as "service?", s.url as "service_url?", p.id as "policy_id?", p.name as "policy?",
                (select coalesce(jsonb_agg(jsonb_build_object('reference', m.ref, 'title', m.title, 'owner', m.owner,
                    'owner_title', o.title, 'owner_name', o.name,
                    'channel', left(m.said ->> 'pinconsole.io/slack-channel', 200),
                    'owner_channel', left((select g.document #>> '{metadata,annotations,pinconsole.io/slack-channel}'
                        from catalog.entity g where g.ref = m.owner), 200),
                    'runbook', left(m.said ->> 'pinconsole.io/runbook-url', 2000),
                    'dashboards', left(m.said ->> 'pinconsole.io/dashboards', 4000)) order by m.ref), '[]')
                 from mine m left join lateral (select * from catalog.subject where ref = m.owner limit 1) o on true
                ) as "entities!: Json<Vec<Tied>>",
                (select coalesce(jsonb_agg(jsonb_build_object('level', t.level, 'member_id', t.member_id,
                    'name', coalesce(m.name, t.member_id), 'person_id', w.id, 'person', w.name, 'display', w.display_name)
                    order by t.level, t.member_id), '[]')
                 from (select distinct level, member_id from incidents.shift
                    where policy_id = (select id from policy) and starts_at <= $4 and (ends_at is null or ends_at > $4)) t
                 left join incidents.member m on m.id = t.member_id
                 left join auth.account a on a.platform = 'pagerduty' and a.tenant = '' and a.external_id = t.member_id
                 left join org.person w on w.id = a.person_id and w.left_at is null
                ) as "on_call!: Json<Vec<Turn>>",
                (select coalesce(jsonb_agg(jsonb_build_object('member_id', q.member_id, 'name', q.name, 'person_id', w.id,
                    'person', w.name, 'display', w.display_name) order by q.name, q.member_id), '[]')
                 from incidents.assignee q
                 left join auth.account a on a.platform = 'pagerduty' and a.tenant = '' and a.external_id = q.member_id
                 left join org.person w on w.id = a.person_id and w.left_at is null
                 where q.incident_id = one.id
                ) as "asked!: Json<Vec<Somebody>>",
                (select coalesce(jsonb_agg(jsonb_build_object('state', h.state, 'member_id', h.target, 'name', h.name,
                    'person_id', w.id, 'person', w.name, 'display', w.display_name) order by h.name, h.target), '[]')
                 from incidents.responder h
                 left join auth.account a on h.kind = 'member' and a.platform = 'pagerduty' and a.tenant = ''
                    and a.external_id = h.target
                 left join org.person w on w.id = a.person_id and w.left_at is null
                 where h.incident_id = one.id
                ) as "helping!: Json<Vec<Helping>>",
                (select jsonb_build_object('member_id', l.member_id, 'who', l.who) from incidents.log l
                 where l.incident_id = one.id and l.kind = one.status order by l.at desc, l.id desc limit 1
                ) as "settled_by: Json<Settler>",
                (select coalesce(jsonb_agg(to_jsonb(n) order by n.why, n.created_at desc, n.number desc), '[]')
                 from (select i.number, i.title, i.status, i.urgency, i.created_at, around.why,
                        coalesce((select name from incidents.service where id = i.service_id), i.service_id) as service,
                        count(*) over () as total
                    from around cross join lateral (
                        select * from incidents.incident
                        where service_id = around.service and status <> 'resolved' and id <> one.id
                        -- So that they are looked up: in a storm all that are open would be read for each.
                        offset 0
                    ) i order by around.why, i.created_at desc, i.number desc limit $5) n
                ) as "near!: Json<Vec<NearRow>>"
             from (select) nothing left join incidents.service s on s.id = one.service
                left join incidents.policy p on p.id = (select id from policy)) around
             order by one.nth"#,
            &ids as &[&str],
            &services as &[&str],
            &policies as &[Option<&str>],
            at,
            NEAR,
            ENTITIES,
            &statuses as &[&str]
        );
        let found = rows.map(|row| Self {
            service: row.service,
            service_url: row.service_url,
            policy: row.policy_id.zip(row.policy),
            entities: row.entities.0,
            on_call: row.on_call.0,
            asked: row.asked.0,
            helping: row.helping.0,
            settled_by: row.settled_by.map(|it| it.0),
            near_total: row.near.0.first().map_or(0, |it| it.total),
            near: row.near.0.into_iter().map(Near::from).collect(),
        });
        found.fetch_all(db).await
    }
}
