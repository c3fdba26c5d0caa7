use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgExecutor;

/// Whence a line of a log is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An event told it.
    Event,
    /// PagerDuty's own log was read.
    Reading,
}

/// Something that happened to an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Id of the event or of PagerDuty's entry.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// PagerDuty's word, such as `acknowledged`.
    pub kind: String,
    /// Who did it, in words; nobody where PagerDuty did so by itself.
    pub who: Option<String>,
    /// PagerDuty's id of them.
    pub member_id: Option<String>,
    /// What there is to say besides, such as a note.
    pub text: String,
}

impl LogEntry {
    /// What happened, from the first to the last; of more than the limit, the newest.
    pub async fn of(db: impl PgExecutor<'_>, incident: &str, limit: i64) -> sqlx::Result<Vec<Self>> {
        let mut newest = sqlx::query_as!(
            Self,
            "select id, at, kind, who, member_id, text from incidents.log
             where incident_id = $1 order by at desc, id desc limit $2",
            incident,
            limit
        )
        .fetch_all(db)
        .await?;
        newest.reverse();
        Ok(newest)
    }

    /// A page of what happened, the newest first, with how much there is in all.
    pub async fn page(
        db: impl PgExecutor<'_>,
        incident: &str,
        (limit, offset): (i64, i64),
    ) -> sqlx::Result<(Vec<Self>, i64)> {
        let rows = sqlx::query!(
            r#"select id, at, kind, who, member_id, text, count(*) over () as "total!" from incidents.log
             where incident_id = $1 order by at desc, id desc limit $2 offset $3"#,
            incident,
            limit,
            offset
        )
        .fetch_all(db)
        .await?;
        let total = rows.first().map_or(0, |it| it.total);
        let found = rows.into_iter().map(|it| Self {
            id: it.id,
            at: it.at,
            kind: it.kind,
            who: it.who,
            member_id: it.member_id,
            text: it.text,
        });
        Ok((found.collect(), total))
    }

    /// Adds what an event told; false where it is there already, be it from the event or from a reading of PagerDuty's log.
    pub async fn write(&self, db: impl PgExecutor<'_>, incident: &str) -> sqlx::Result<bool> {
        Ok(!Self::add(db, &[(incident, self)], Origin::Event).await?.is_empty())
    }

    /// Adds what was told of these incidents; the ids of what was not there already, be it from events or from a reading of
    /// PagerDuty's log. Both have other ids for the same, and times that are up to a second or two apart.
    pub async fn add(
        db: impl PgExecutor<'_>,
        entries: &[(&str, &Self)],
        origin: Origin,
    ) -> sqlx::Result<HashSet<String>> {
        if entries.is_empty() {
            return Ok(HashSet::new());
        }
        let incidents: Vec<&str> = entries.iter().map(|it| it.0).collect();
        let all = || entries.iter().map(|it| it.1);
        let ids: Vec<&str> = all().map(|it| it.id.as_str()).collect();
        let moments: Vec<DateTime<Utc>> = all().map(|it| it.at).collect();
        let kinds: Vec<&str> = all().map(|it| it.kind.as_str()).collect();
        let who: Vec<Option<&str>> = all().map(|it| it.who.as_deref()).collect();
        let members: Vec<Option<&str>> = all().map(|it| it.member_id.as_deref()).collect();
        let texts: Vec<&str> = all().map(|it| it.text.as_str()).collect();
        let written = sqlx::query_scalar!(
            "insert into incidents.log (id, incident_id, at, kind, who, member_id, text, read)
             select t.*, $8 from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])
                as t (id, incident_id, at, kind, who, member_id, text)
             -- Counted, so that each is looked up, whatever the planner believes of the table.
             where 0 = (select count(*) from incidents.log l
                where l.incident_id = t.incident_id and l.kind = t.kind and l.member_id is not distinct from t.member_id
                    and l.text = t.text and l.id <> t.id and l.read <> $8
                    and l.at > t.at - interval '2 s' and l.at < t.at + interval '2 s')
             on conflict (id) do nothing returning id",
            &ids as &[&str],
            &incidents as &[&str],
            &moments,
            &kinds as &[&str],
            &who as &[Option<&str>],
            &members as &[Option<&str>],
            &texts as &[&str],
            origin == Origin::Reading
        );
        Ok(written.fetch_all(db).await?.into_iter().collect())
    }

    /// Whether another entry, of the other origin, tells the same.
    pub fn tells(&self, other: &Self) -> bool {
        let near = (self.at - other.at).abs() < TimeDelta::seconds(2);
        let same = self.kind == other.kind && self.member_id == other.member_id && self.text == other.text;
        self.id == other.id || (near && same)
    }
}
