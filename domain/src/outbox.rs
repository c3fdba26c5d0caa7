//! Messages to people: the state that each should have. Whoever writes one does so in the transaction that makes it true.

use serde_json::Value;
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::preference::Kind;

/// How urgent a message is: what comes first here is sent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Somebody must act.
    Page,
    /// Somebody wants to know.
    Update,
    /// Somebody reads it some time.
    Digest,
}

impl Lane {
    /// Every lane, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Page, Self::Update, Self::Digest];

    /// The word that people read.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Update => "update",
            Self::Digest => "digest",
        }
    }

    pub(crate) fn stored(self) -> i16 {
        match self {
            Self::Page => 0,
            Self::Update => 1,
            Self::Digest => 2,
        }
    }

    /// One that a newer replica wrote and we do not know is the least urgent.
    pub(crate) fn read(stored: i16) -> Self {
        Self::ALL.into_iter().find(|it| it.stored() == stored).unwrap_or(Self::Digest)
    }
}

/// A message as it is put.
#[derive(Clone, Debug)]
pub struct Wished<'a> {
    /// What it is about; the same key again changes the message.
    pub key: &'a str,
    /// How urgent it is.
    pub lane: Lane,
    /// What kind of message it is.
    pub kind: Option<Kind>,
    /// Where it goes: the first way, and those after it when one fails for good.
    pub ways: &'a [String],
    /// Key of the message that it answers.
    pub thread_of: Option<&'a str>,
    /// What it says, and in which form.
    pub card: &'a Value,
    /// Number of that form.
    pub format: i32,
    /// Whether it tells of messages that nobody got.
    pub about_delivery: bool,
    /// Why somebody gets it, as a text of a card.
    pub why: Option<&'a Value>,
}

impl Wished<'_> {
    /// Puts it. A message that is there already gets a new revision, unless it says the same; where it goes stays, but for
    /// one that nobody got.
    pub async fn put(&self, db: impl PgExecutor<'_>) -> sqlx::Result<bool> {
        let put = sqlx::query!(
            "insert into notify.message
                (id, key, lane, destination, ways, thread_of, card, format, about_delivery, why, kind)
             values ($1, $2, $3, ($4::text[])[1], $4, $5, $6, $7, $8, $9, $10)
             on conflict on constraint message_key do update set
                card = excluded.card, format = excluded.format, lane = excluded.lane,
                kind = excluded.kind,
                revision = message.revision + 1, state = 'waiting', attempts = 0, error = null,
                next_at = now(), expires_at = excluded.expires_at,
                ways = case message.state when 'dead' then excluded.ways else message.ways end,
                way = case when message.state = 'dead' and message.ts is null then 1 else message.way end,
                destination = case when message.state = 'dead' and message.ts is null
                    then excluded.destination else message.destination end
             where message.card is distinct from excluded.card",
            Uuid::now_v7(),
            self.key,
            self.lane.stored(),
            self.ways,
            self.thread_of,
            self.card,
            self.format,
            self.about_delivery,
            self.why,
            self.kind.map(Kind::as_str)
        );
        Ok(put.execute(db).await?.rows_affected() == 1)
    }
}

/// Changes what a message says, if there is one and somebody got it or still will.
pub async fn edit(db: impl PgExecutor<'_>, key: &str, card: &Value, format: i32) -> sqlx::Result<bool> {
    let edited = sqlx::query!(
        "update notify.message set card = $2, format = $3, revision = revision + 1, state = 'waiting', attempts = 0,
            error = null, next_at = now(), expires_at = now() + interval '24 hours'
         where key = $1 and state <> 'dead' and card is distinct from $2",
        key,
        card,
        format
    );
    Ok(edited.execute(db).await?.rows_affected() == 1)
}
