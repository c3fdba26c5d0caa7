//! What was put for people over some days, whatever became of it.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::preference::Kind;

/// A message that the rules put for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// For whom.
    pub person: Uuid,
    /// Their entity name.
    pub name: String,
    /// What kind of message it is.
    pub kind: Kind,
    /// When it was put.
    pub at: DateTime<Utc>,
    /// Whether somebody was notified of it.
    pub sent: bool,
    /// Whether it answers another message, so that it goes where that went.
    pub answers: bool,
    /// Whether it tells of a repository of which they want to hear nothing now.
    pub muted: bool,
}

/// Every message of a known kind that was put for people since then, for one or for all, the oldest first. Messages are kept for a month.
pub async fn since(db: impl PgExecutor<'_>, since: DateTime<Utc>, person: Option<Uuid>) -> sqlx::Result<Vec<Put>> {
    let rows = sqlx::query!(
        r#"select p.id, p.name, m.kind as "kind!", m.created_at, m.state in ('sent', 'bundled') as "sent!",
            m.thread_of is not null as "answers!",
            exists (select from preferences.mute u join github.pull_request pull on pull.repository_id = u.repository_id
                where u.person_id = p.id and pull.id = substring(m.key from '^pull:([0-9]{1,18}):')::bigint) as "muted!"
         from notify.message m
         join org.person p on p.left_at is null
            and p.id::text = coalesce(m.meant_for::text, substr(m.destination, length('person:') + 1))
         where m.created_at >= $1 and m.kind is not null and m.key not like 'bundle/%'
            and (m.destination like 'person:%' or m.meant_for is not null) and ($2::uuid is null or p.id = $2)
         order by m.created_at, m.id"#,
        since,
        person
    );
    let rows = rows.fetch_all(db).await?.into_iter();
    let put = rows.filter_map(|it| {
        let kind = Kind::from_word(&it.kind)?;
        Some(Put {
            person: it.id,
            name: it.name,
            kind,
            at: it.created_at,
            sent: it.sent,
            answers: it.answers,
            muted: it.muted,
        })
    });
    Ok(put.collect())
}
