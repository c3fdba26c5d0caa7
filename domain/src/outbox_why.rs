//! Why a message is where it is, and that its reader wants none like it.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::outbox_claim::Claim;
use crate::preference::Kind;

/// A message with what is known of why it is where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Our id of it.
    pub id: Uuid,
    /// What it is about; of a copy, what the message is about that it is a copy of.
    pub key: String,
    /// What kind of message it is, where that is known.
    pub kind: Option<Kind>,
    /// Where it goes.
    pub destination: String,
    /// Where the messages go of which it is a copy, the nearest first.
    pub copied_from: Vec<String>,
    /// Why earlier ways failed.
    pub detour: Option<String>,
    /// Why somebody gets it, as a text of a card.
    pub why: Option<Value>,
    /// Its title.
    pub title: String,
    /// When it was put.
    pub created_at: DateTime<Utc>,
    /// Until when it waited for the end of somebody's quiet hours.
    pub held_until: Option<DateTime<Utc>>,
    /// Whom it is for, where they chose to be told in a channel.
    pub meant_for: Option<Uuid>,
    /// The incident for which it was put, and whom of PagerDuty it asks.
    pub incident_id: Option<String>,
    /// PagerDuty's id of who is asked by it.
    pub member_id: Option<String>,
    /// The repository of the pull request that it tells of.
    pub repository: Option<String>,
}

impl Reason {
    /// That of the message with this id, or of the one that this person was sent last.
    pub async fn of(db: impl PgExecutor<'_>, id: Option<Uuid>, person: Uuid) -> sqlx::Result<Option<Self>> {
        let row = sqlx::query!(
            r#"select m.id, coalesce(g.key, p.key, m.key) as "key!", m.kind, m.destination, m.detour, m.why,
                array_remove(array[p.destination, g.destination], null) as "copied_from!",
                coalesce(m.card ->> 'title', '') as "title!", m.created_at, m.held_until, m.meant_for,
                i.incident_id as "incident_id?", i.member_id,
                (select r.name from github.notice n join github.pull_request q on q.id = n.pull_request_id
                    join github.repository r on r.id = q.repository_id
                    where n.key = coalesce(m.thread_of, m.key)) as repository
             from notify.message m
             left join notify.message p on p.id = m.copy_of
             left join notify.message g on g.id = p.copy_of
             left join incidents.ping i on i.key = coalesce(g.key, p.key, m.key)
             where m.id = coalesce($1, (
                select id from notify.message
                where destination = 'person:' || ($2::uuid)::text and destination like 'person:%' and ts is not null
                order by created_at desc, id desc limit 1))"#,
            id,
            person
        );
        let reason = row.map(|it| Self {
            id: it.id,
            key: it.key,
            kind: it.kind.as_deref().and_then(Kind::from_word),
            destination: it.destination,
            copied_from: it.copied_from,
            detour: it.detour,
            why: it.why,
            title: it.title,
            created_at: it.created_at,
            held_until: it.held_until,
            meant_for: it.meant_for,
            incident_id: it.incident_id,
            member_id: it.member_id,
            repository: it.repository,
        });
        reason.fetch_optional(db).await
    }
}

impl Claim {
    /// Whoever it is for wants none like it, for this reason. It is not tried again unless it changes. False when somebody
    /// else holds the lease by now.
    pub async fn declined(&self, db: impl PgExecutor<'_>, why: &str) -> sqlx::Result<bool> {
        let declined = sqlx::query!(
            "with mine as (
                update notify.pace set leased_until = 'epoch' where name = $1 and token = $2 returning name
             )
             update notify.message set sent_revision = $4, sent_at = now(), unsure_since = null, error = $5,
                state = case when revision = $4 then 'declined' else 'waiting' end
             where id = $3 and exists (select from mine)",
            self.destination,
            self.token,
            self.id,
            self.revision,
            why
        );
        Ok(declined.execute(db).await?.rows_affected() == 1)
    }
}
