//! Messages that somebody wants in a channel rather than directly.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::document::annotation::SLACK_CHANNEL;
use crate::outbox_claim::Claim;
use crate::preference::Kind;

/// What became of a message that somebody wants in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It goes there.
    There,
    /// Somebody else's is there, which says the same.
    Told,
    /// Somebody else holds the lease by now.
    Lost,
}

impl Claim {
    /// Lets it go to this channel first, for this person; where the channel takes nothing, it comes directly after all. What a team is
    /// asked together is there once.
    pub async fn to_channel(&self, db: &mut PgConnection, channel: &str, person: Uuid) -> sqlx::Result<Moved> {
        let shared = (self.kind == Some(Kind::TeamReview)).then(|| shared(&self.key, channel));
        let moved = sqlx::query!(
            "with mine as (
                update notify.pace set leased_until = 'epoch' where name = $1 and token = $2 returning name
             )
             update notify.message set ways = ways[:way - 1] || $4::text || ways[way:], destination = $4, meant_for = $5,
                shared_as = $6, unsure_since = null, attempts = 0
             where id = $3 and ts is null and exists (select from mine)
                and not exists (select from notify.message other where other.shared_as = $6)",
            self.destination,
            self.token,
            self.id,
            channel,
            person,
            shared
        );
        match moved.execute(&mut *db).await {
            Ok(it) if it.rows_affected() == 1 => Ok(Moved::There),
            Ok(_) => {
                let other = sqlx::query_scalar!(
                    r#"select exists (select from notify.message where shared_as = $1 and id <> $2) as "told!""#,
                    shared,
                    self.id
                );
                Ok(if other.fetch_one(db).await? { Moved::Told } else { Moved::Lost })
            }
            // Another replica put that of another one of the team at this moment.
            Err(sqlx::Error::Database(error)) if error.constraint() == Some("message_shared") => Ok(Moved::Told),
            Err(error) => Err(error),
        }
    }
}

/// What a team is asked, and where: the last part of a key is whom it asks.
fn shared(key: &str, channel: &str) -> String {
    format!("{} {channel}", key.rsplit_once(['/', ':']).map_or(key, |it| it.0))
}

/// A team of somebody's with a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its entity name, in lower case.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// Its channel, as the catalog names it.
    pub channel: String,
}

impl Team {
    /// The teams of a person whose entity names a channel: those that they are directly in first, then by name.
    pub async fn of(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"with recursive within as (
                select group_id as id, 0 as far from org.membership where person_id = $1
                union
                select nesting.parent_id, far + 1 from org.nesting join within on nesting.child_id = within.id where far < 20
            )
            select lower(g.name) as "name!", g.display_name,
                e.document #>> array['metadata', 'annotations', $2::text] as "channel!"
            from (select id, min(far) as far from within group by id) it
            join org."group" g on g.id = it.id and g.left_at is null
            join catalog.entity e on e.ref = g.ref and e.orphaned_at is null
            where e.document #>> array['metadata', 'annotations', $2::text] <> ''
            order by it.far, g.ref"#,
            person,
            SLACK_CHANNEL
        )
        .fetch_all(db)
        .await
    }
}
