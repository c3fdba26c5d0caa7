//! Which message is sent next, and by whom: one replica a destination.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use crate::outbox::Lane;
use crate::outbox_bundle::MANY;
use crate::pace::seconds;
use crate::preference::Kind;

/// How long a replica may take for one call with all around it before another one takes over.
pub const LEASE: Duration = Duration::from_secs(10);

/// Longer than one call takes, with the recording of what came of it.
const CALL: Duration = Duration::from_secs(7);

/// A message that this replica sends, and nobody else until the lease runs out.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Our id of it.
    pub id: Uuid,
    /// What it is about.
    pub key: String,
    /// How urgent it is.
    pub lane: Lane,
    /// What kind of message it is, where that is known.
    pub kind: Option<Kind>,
    /// Where it goes.
    pub destination: String,
    /// Where else it could go, in order.
    pub or_else: Vec<String>,
    /// Key of the message that it answers, and where that was posted.
    pub thread_of: Option<String>,
    /// Where the message that it answers was posted; none if it was not.
    pub thread: Option<(String, String)>,
    /// What it says.
    pub card: Value,
    /// Which state of it that is.
    pub revision: i32,
    /// Where it was posted.
    pub posted: Option<(String, String)>,
    /// Since when it may have been posted without our knowing.
    pub unsure_since: Option<DateTime<Utc>>,
    /// Why earlier ways failed.
    pub detour: Option<String>,
    /// Whether it was posted anew before.
    pub reposted: bool,
    /// Whether it tells of messages that nobody got.
    pub about_delivery: bool,
    /// Why somebody gets it, as a text of a card.
    pub why: Option<Value>,
    /// Whom it is for, where they chose to be told in a channel.
    pub meant_for: Option<Uuid>,
    /// Whether it was tried for long enough.
    pub expired: bool,
    /// How long it was there when it was taken, and when that was.
    pub waited: (Duration, Instant),
    /// Whether many of its lane wait for the destination.
    pub crowded: bool,
    /// Which lease of the destination this is.
    pub(crate) token: i64,
    /// Failures of the destination since its last success.
    pub failures: i32,
}

impl Claim {
    /// Takes at most so many messages, each of another destination, the most urgent and oldest first; only of forms up to
    /// this number.
    pub async fn some(db: &PgPool, format: i32, limit: i64) -> sqlx::Result<Vec<Self>> {
        let ahead = ahead(db, format).await?;
        if ahead.is_empty() {
            return Ok(Vec::new());
        }
        let mut transaction = db.begin().await?;
        let leased = lease(&mut transaction, &ahead, limit).await?;
        if leased.is_empty() {
            transaction.commit().await?;
            return Ok(Vec::new());
        }
        // What is due was read before the lease was there; only what is read under it is nobody else's.
        let claims = take(&mut transaction, format, &leased).await?;
        if claims.len() < leased.len() {
            let idle = leased.into_iter().filter(|it| claims.iter().all(|claim| claim.destination != *it));
            release(&mut transaction, &idle.collect::<Vec<_>>()).await?;
        }
        transaction.commit().await?;
        Ok(claims)
    }

    /// How long a method must wait, if this replica still holds the lease, which then holds for longer than a call takes.
    pub async fn may(&self, db: &PgPool, method: &str) -> sqlx::Result<Option<Duration>> {
        let row = sqlx::query!(
            r#"select extract(epoch from p.leased_until - now())::float8 as "left!",
                coalesce(extract(epoch from m.next_at - now()), 0)::float8 as "rest!"
             from notify.pace p left join notify.pace m on m.name = 'method:' || $3
             where p.name = $1 and p.token = $2 and p.leased_until > now()"#,
            self.destination,
            self.token,
            method
        );
        match row.fetch_optional(db).await? {
            Some(row) if seconds(row.left) > CALL || self.renew(db).await? => Ok(Some(seconds(row.rest))),
            _ => Ok(None),
        }
    }

    /// Id of the channel that the destination names, once something was posted there.
    pub async fn room(&self, db: impl PgExecutor<'_>) -> sqlx::Result<Option<String>> {
        let room = sqlx::query_scalar!("select room from notify.pace where name = $1", self.destination);
        Ok(room.fetch_optional(db).await?.flatten())
    }

    async fn renew(&self, db: impl PgExecutor<'_>) -> sqlx::Result<bool> {
        let renewed = sqlx::query!(
            "update notify.pace set leased_until = now() + make_interval(secs => $3)
             where name = $1 and token = $2 and leased_until > now()",
            self.destination,
            self.token,
            LEASE.as_secs_f64()
        );
        Ok(renewed.execute(db).await?.rows_affected() == 1)
    }
}

/// The destinations of the most urgent and oldest messages, in that order, that nobody serves now; those that were never
/// served get a row of their own.
async fn ahead(db: &PgPool, format: i32) -> sqlx::Result<Vec<String>> {
    let rows = sqlx::query!(
        r#"select d.destination as "destination!", p.name is null as "new!"
         from notify.due d left join lateral (
            -- Looked up, since there is a row for every destination that ever was.
            select name, next_at, leased_until from notify.pace where name = d.destination offset 0
         ) p on true
         where d.due_at <= now() and d.format <= $1
            and (p.name is null or p.next_at <= now() and p.leased_until <= now())
         order by d.lane, d.created_at, d.id limit 128"#,
        format
    );
    let rows = rows.fetch_all(db).await?;
    let mut new: Vec<String> = rows.iter().filter(|it| it.new).map(|it| it.destination.clone()).collect();
    if !new.is_empty() {
        // In one order, so that two replicas cannot wait for each other.
        new.sort_unstable();
        new.dedup();
        sqlx::query!("insert into notify.pace (name) select unnest($1::text[]) on conflict do nothing", &new)
            .execute(db)
            .await?;
    }
    let mut seen = HashSet::new();
    Ok(rows.into_iter().map(|it| it.destination).filter(|it| seen.insert(it.clone())).collect())
}

async fn lease(db: &mut PgConnection, ahead: &[String], limit: i64) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "with free as (
            select p.name from unnest($1::text[]) with ordinality ahead (name, place)
            join notify.pace p on p.name = ahead.name
            where p.next_at <= now() and p.leased_until <= now()
            order by ahead.place limit $2 for update of p skip locked
         )
         update notify.pace p set leased_until = now() + make_interval(secs => $3), token = p.token + 1
         from free where p.name = free.name returning p.name",
        ahead,
        limit,
        LEASE.as_secs_f64()
    )
    .fetch_all(db)
    .await
}

async fn take(db: &mut PgConnection, format: i32, leased: &[String]) -> sqlx::Result<Vec<Claim>> {
    let rows = sqlx::query!(
        r#"with first as (
            select next.id from unnest($2::text[]) leased (name) cross join lateral (
                select d.id from notify.due d
                where d.destination = leased.name and d.due_at <= now() and d.format <= $1
                order by d.lane, d.created_at, d.id limit 1
            ) next
         ), free as (
            -- Whoever changes a message now, and others with it, is not waited for: they might wait for another of these.
            select m.id from notify.message m where m.id in (select id from first) for update skip locked
         )
         update notify.message m set attempts = m.attempts + 1,
            unsure_since = case when m.ts is null then coalesce(m.unsure_since, now()) end
         from free
            join notify.message old on old.id = free.id
            join notify.pace p on p.name = old.destination
            left join notify.message parent on parent.key = old.thread_of
            -- What is only listed has no thread but that of the list.
            left join notify.message listed on listed.id = parent.bundle and parent.ts is null
         where m.id = free.id
         returning m.id, m.key, m.lane, m.destination, m.ways[m.way + 1:] as "or_else!", m.thread_of, m.card, m.revision,
            m.channel, m.ts, old.unsure_since as "unsure_since?", m.detour, m.reposted, m.about_delivery, m.why, m.kind, m.meant_for,
            m.expires_at < now() as "expired!", extract(epoch from now() - greatest(m.created_at, m.held_until))::float8 as "waited!",
            coalesce(parent.channel, listed.channel) as thread_channel,
            coalesce(parent.ts, listed.ts) as thread_ts, p.token, p.failures,
            (select count(*) > $3::bigint from (
                select from notify.message w where w.state = 'waiting' and w.destination = m.destination
                    and w.lane = m.lane and w.ts is null limit $3::bigint + 1
            ) waiting) as "crowded!""#,
        format,
        leased,
        i64::try_from(MANY).unwrap_or(i64::MAX)
    );
    let rows = rows.map(|it| Claim {
        id: it.id,
        key: it.key,
        lane: Lane::read(it.lane),
        kind: it.kind.as_deref().and_then(Kind::from_word),
        destination: it.destination,
        or_else: it.or_else,
        thread_of: it.thread_of,
        thread: it.thread_channel.zip(it.thread_ts),
        card: it.card,
        revision: it.revision,
        posted: it.channel.zip(it.ts),
        unsure_since: it.unsure_since,
        detour: it.detour,
        reposted: it.reposted,
        about_delivery: it.about_delivery,
        why: it.why,
        meant_for: it.meant_for,
        expired: it.expired,
        waited: (seconds(it.waited), Instant::now()),
        crowded: it.crowded,
        token: it.token,
        failures: it.failures,
    });
    let mut claims = rows.fetch_all(db).await?;
    claims.sort_by_key(|it| (it.lane, it.id));
    Ok(claims)
}

async fn release(db: &mut PgConnection, names: &[String]) -> sqlx::Result<()> {
    sqlx::query!("update notify.pace set leased_until = 'epoch' where name = any($1)", names).execute(db).await?;
    Ok(())
}

/// How long until something may be sent; none when nothing waits.
pub async fn soonest(db: impl PgExecutor<'_>, format: i32) -> sqlx::Result<Option<Duration>> {
    let rest = sqlx::query_scalar!(
        r#"select case when exists (select from notify.message where state = 'waiting') then coalesce(
            (select min(extract(epoch from greatest(d.due_at, p.next_at, p.leased_until) - now()))
             from notify.due d left join lateral (
                select next_at, leased_until from notify.pace where name = d.destination offset 0
             ) p on true where d.format <= $1),
            3600)::float8 end"#,
        format
    );
    Ok(rest.fetch_one(db).await?.map(seconds))
}
