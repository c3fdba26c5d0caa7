use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgExecutor;

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
        self.add(db, incident, false).await
    }

    /// Adds what a reading of PagerDuty's log told; false where it is there already.
    pub async fn write_read(&self, db: impl PgExecutor<'_>, incident: &str) -> sqlx::Result<bool> {
        self.add(db, incident, true).await
    }

    /// The log and the events have other ids for the same, and times that are up to a second or two apart.
    async fn add(&self, db: impl PgExecutor<'_>, incident: &str, read: bool) -> sqlx::Result<bool> {
        let written = sqlx::query!(
            "insert into incidents.log (id, incident_id, at, kind, who, member_id, text, read)
             select $1, $2, $3, $4, $5, $6, $7, $8
             where not exists (select from incidents.log
                where incident_id = $2 and kind = $4 and member_id is not distinct from $6 and text = $7 and id <> $1
                    and read <> $8 and at > $3::timestamptz - interval '2 s' and at < $3::timestamptz + interval '2 s')
             on conflict (id) do nothing",
            self.id,
            incident,
            self.at,
            self.kind,
            self.who,
            self.member_id,
            self.text,
            read
        );
        Ok(written.execute(db).await?.rows_affected() > 0)
    }

    /// Whether another entry, of the other origin, tells the same.
    pub fn tells(&self, other: &Self) -> bool {
        let near = (self.at - other.at).abs() < TimeDelta::seconds(2);
        let same = self.kind == other.kind && self.member_id == other.member_id && self.text == other.text;
        self.id == other.id || (near && same)
    }
}
