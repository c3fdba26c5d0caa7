//! The outbox as people look at it, and what they may do about it.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::outbox::Lane;

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is still to be sent, or its newest state is.
    Waiting,
    /// It was sent in its newest state.
    Sent,
    /// Each recipient has a copy of it.
    Passed,
    /// It is listed in a message that stands for many.
    Bundled,
    /// It waits for the end of its reader's quiet hours.
    Held,
    /// Whoever it is for wants none of its kind.
    Declined,
    /// Nobody gets it.
    Dead,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Waiting, Self::Held, Self::Sent, Self::Passed, Self::Bundled, Self::Declined, Self::Dead];

    /// The word under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Sent => "sent",
            Self::Passed => "passed",
            Self::Bundled => "bundled",
            Self::Declined => "declined",
            Self::Dead => "dead",
        }
    }
}

/// A message as it is listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Our id of it.
    pub id: Uuid,
    /// What it is about.
    pub key: String,
    /// How urgent it is.
    pub lane: Lane,
    /// The word of its state.
    pub state: String,
    /// Where it goes.
    pub destination: String,
    /// Its title.
    pub title: String,
    /// How often it was tried in its newest state.
    pub attempts: i32,
    /// How often it was or may have been posted twice.
    pub unsettled: i32,
    /// Why it is not sent, or went another way.
    pub error: Option<String>,
    /// When it was put.
    pub created_at: DateTime<Utc>,
    /// When it was sent last.
    pub sent_at: Option<DateTime<Utc>>,
}

impl Listed {
    /// The newest messages, in one state or in all.
    pub async fn newest(db: impl PgExecutor<'_>, state: Option<State>, limit: i64) -> sqlx::Result<Vec<Self>> {
        let rows = sqlx::query!(
            r#"select id, key, lane, state, destination, coalesce(card ->> 'title', '') as "title!", attempts, unsettled,
                coalesce(error, detour) as error, created_at, sent_at
             from notify.message where $1::text is null or state = $1 order by created_at desc, id desc limit $2"#,
            state.map(State::as_str),
            limit
        );
        rows.map(|it| Self {
            id: it.id,
            key: it.key,
            lane: Lane::read(it.lane),
            state: it.state,
            destination: it.destination,
            title: it.title,
            attempts: it.attempts,
            unsettled: it.unsettled,
            error: it.error,
            created_at: it.created_at,
            sent_at: it.sent_at,
        })
        .fetch_all(db)
        .await
    }
}

/// A message with the number of its state.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// The message.
    pub listed: Listed,
    /// Another one whenever it was put, changed or tried again.
    pub version: i64,
}

impl Letter {
    /// The message with this id.
    pub async fn with_id(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<Option<Self>> {
        let row = sqlx::query!(
            r#"select id, key, lane, state, destination, coalesce(card ->> 'title', '') as "title!", attempts, unsettled,
                coalesce(error, detour) as error, created_at, sent_at, expires_at
             from notify.message where id = $1"#,
            id
        );
        let letter = row.map(|it| Self {
            // Each of those sets anew how long it is tried.
            version: it.expires_at.timestamp_micros(),
            listed: Listed {
                id: it.id,
                key: it.key,
                lane: Lane::read(it.lane),
                state: it.state,
                destination: it.destination,
                title: it.title,
                attempts: it.attempts,
                unsettled: it.unsettled,
                error: it.error,
                created_at: it.created_at,
                sent_at: it.sent_at,
            },
        });
        letter.fetch_optional(db).await
    }
}

/// Tries messages again that nobody got, from the first way: one, or all of them. Gives how many.
pub async fn retry(db: impl PgExecutor<'_>, id: Option<Uuid>) -> sqlx::Result<u64> {
    let retried = sqlx::query!(
        "update notify.message set state = 'waiting', attempts = 0, next_at = now(), error = null,
            expires_at = now() + interval '24 hours',
            way = case when ts is null then 1 else way end,
            destination = case when ts is null then ways[1] else destination end
         where state = 'dead' and ($1::uuid is null or id = $1)",
        id
    );
    Ok(retried.execute(db).await?.rows_affected())
}

/// Forgets messages that were sent that long ago, but for those that a later one answers, and two months later those that
/// nobody got.
pub async fn forget(db: impl PgExecutor<'_>, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let forgotten = sqlx::query!(
        "delete from notify.message m
         where (m.state in ('sent', 'passed', 'bundled', 'declined') and m.sent_at < $1 or m.state = 'dead' and m.created_at < $1 - interval '60 days')
            and not exists (select from notify.message list where list.id = m.bundle and list.state in ('waiting', 'dead'))
            and not exists (select from notify.message copy where copy.copy_of = m.id and copy.state in ('waiting', 'dead'))
            and not exists (select from notify.message answer where answer.thread_of = m.key and answer.state = 'waiting')",
        before
    );
    Ok(forgotten.execute(db).await?.rows_affected())
}

/// How many messages nobody got because of this destination.
pub async fn dead_at(db: impl PgExecutor<'_>, destination: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from notify.message where state = 'dead' and destination = $1"#,
        destination
    )
    .fetch_one(db)
    .await
}

/// How many messages of a lane wait and are dead, since when, and how many may have been doubled.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// The lane.
    pub lane: Lane,
    /// How many wait.
    pub waiting: i64,
    /// Since when the oldest of them waits.
    pub oldest: Option<DateTime<Utc>>,
    /// How many nobody got.
    pub dead: i64,
    /// How many were sent and are still remembered.
    pub sent: i64,
    /// How many were or may have been posted twice.
    pub unsettled: i64,
}

impl Count {
    /// The counts of every lane, the most urgent first.
    pub async fn all(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Self>> {
        let rows = sqlx::query!(
            r#"select lane,
                count(*) filter (where state = 'waiting') as "waiting!",
                min(greatest(created_at, sent_at)) filter (where state = 'waiting') as oldest,
                count(*) filter (where state = 'dead') as "dead!",
                count(*) filter (where state = 'sent') as "sent!",
                coalesce(sum(unsettled), 0)::bigint as "unsettled!"
             from notify.message group by lane order by lane"#
        );
        let counted = rows.map(|it| Self {
            lane: Lane::read(it.lane),
            waiting: it.waiting,
            oldest: it.oldest,
            dead: it.dead,
            sent: it.sent,
            unsettled: it.unsettled,
        });
        counted.fetch_all(db).await
    }
}
