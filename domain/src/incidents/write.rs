//! How states of incidents that were told become what is known: many at once, since a storm tells of hundreds in a second.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::incident::Row;
use super::{Assignee, Incident, Status};

/// A state of an incident that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The incident; the revision that it brings does not count.
    pub incident: Incident,
    /// Its status before, which whoever holds it knows; none for one that is not known.
    pub before: Option<Status>,
    /// Who is asked (id, name).
    pub asked: Vec<(String, String)>,
}

/// What became of a state that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A newer one, or the same, is known: nothing was written.
    Older,
    /// It is what is known now.
    Newest {
        /// The status before; none for an incident that was not known.
        before: Option<Status>,
        /// Members who are asked now and were not before.
        asked: Vec<String>,
        /// As it is now: what this state does not say stays.
        incident: Box<Incident>,
    },
}

impl Incident {
    /// Keeps this state with those whom it asks (id, name), unless a newer one is known. Whoever writes the same incident at the
    /// same time waits.
    pub async fn write(&self, db: &mut PgConnection, asked: &[(String, String)]) -> sqlx::Result<Written> {
        let known = Self::hold(&mut *db, std::slice::from_ref(&self.id)).await?;
        let before = known.get(&self.id).map(|it| it.status);
        let telling = Telling { incident: self.clone(), before, asked: asked.to_vec() };
        Ok(Telling::write(db, &[telling]).await?.pop().unwrap_or(Written::Older))
    }
}

impl Telling {
    /// Keeps states, each of another incident, unless a newer one is known; what became of each. The caller holds the incidents.
    pub async fn write(db: &mut PgConnection, tellings: &[Self]) -> sqlx::Result<Vec<Written>> {
        if tellings.is_empty() {
            return Ok(Vec::new());
        }
        let mut newest = newest(&mut *db, tellings).await?;
        // Where nobody was asked before, and nobody is now, nothing changes.
        let asks = |it: &&Self| it.before.is_some() || !it.asked.is_empty();
        let now: Vec<&Self> = tellings.iter().filter(|it| newest.contains_key(&it.incident.id)).filter(asks).collect();
        let mut asked = Assignee::replace(db, &now).await?;
        let written = tellings.iter().map(|it| match newest.remove(&it.incident.id) {
            None => Written::Older,
            Some(incident) => Written::Newest {
                before: it.before,
                asked: asked.remove(&incident.id).unwrap_or_default(),
                incident: Box::new(incident),
            },
        });
        Ok(written.collect())
    }
}

/// Writes the incidents; those that this changed, by their ids.
async fn newest(db: &mut PgConnection, tellings: &[Telling]) -> sqlx::Result<HashMap<String, Incident>> {
    let all = || tellings.iter().map(|it| &it.incident);
    let ids: Vec<&str> = all().map(|it| it.id.as_str()).collect();
    let numbers: Vec<i64> = all().map(|it| it.number).collect();
    let titles: Vec<&str> = all().map(|it| it.title.as_str()).collect();
    let statuses: Vec<&str> = all().map(|it| it.status.as_str()).collect();
    let urgencies: Vec<&str> = all().map(|it| it.urgency.as_str()).collect();
    let priorities: Vec<Option<&str>> = all().map(|it| it.priority.as_deref()).collect();
    let services: Vec<&str> = all().map(|it| it.service_id.as_str()).collect();
    let policies: Vec<Option<&str>> = all().map(|it| it.policy_id.as_deref()).collect();
    let keys: Vec<Option<&str>> = all().map(|it| it.key.as_deref()).collect();
    let urls: Vec<Option<&str>> = all().map(|it| it.url.as_deref()).collect();
    let bridges: Vec<Option<&str>> = all().map(|it| it.bridge_url.as_deref()).collect();
    let created: Vec<_> = all().map(|it| it.created_at).collect();
    let resolved: Vec<_> = all().map(|it| it.resolved_at).collect();
    let changed: Vec<Option<&str>> = all().map(|it| it.changed_by.as_deref()).collect();
    let moments: Vec<_> = all().map(|it| it.source_at).collect();
    let sources: Vec<&str> = all().map(|it| it.source_id.as_str()).collect();
    let rows = sqlx::query_as!(
        Row,
        "insert into incidents.incident as i (id, number, title, status, urgency, priority, service_id, policy_id, key, url,
            bridge_url, created_at, resolved_at, changed_by, source_at, source_id)
         -- In one order, so that two transactions that both begin some cannot wait for each other.
         select * from unnest($1::text[], $2::int8[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::text[], $15::timestamptz[],
            $16::text[]) as t (id) order by id
         on conflict (id) do update set number = coalesce(nullif(excluded.number, 0), i.number), title = excluded.title,
            status = excluded.status, urgency = excluded.urgency, priority = excluded.priority,
            service_id = coalesce(nullif(excluded.service_id, ''), i.service_id), policy_id = excluded.policy_id,
            key = coalesce(excluded.key, i.key), url = coalesce(excluded.url, i.url),
            bridge_url = case when i.bridge_at > excluded.source_at then i.bridge_url else excluded.bridge_url end,
            resolved_at = excluded.resolved_at, changed_by = excluded.changed_by,
            source_at = excluded.source_at, source_id = excluded.source_id, revision = i.revision + 1
         where (i.source_at, i.source_id) < (excluded.source_at, excluded.source_id)
         returning id, number, title, status, urgency, priority, service_id, policy_id, key, url, bridge_url, created_at,
            resolved_at, changed_by, source_at, source_id, revision",
        &ids as &[&str],
        &numbers,
        &titles as &[&str],
        &statuses as &[&str],
        &urgencies as &[&str],
        &priorities as &[Option<&str>],
        &services as &[&str],
        &policies as &[Option<&str>],
        &keys as &[Option<&str>],
        &urls as &[Option<&str>],
        &bridges as &[Option<&str>],
        &created,
        &resolved as &[Option<chrono::DateTime<chrono::Utc>>],
        &changed as &[Option<&str>],
        &moments,
        &sources as &[&str]
    );
    let written = rows.fetch_all(db).await?.into_iter().map(Incident::from);
    Ok(written.map(|it| (it.id.clone(), it)).collect())
}
