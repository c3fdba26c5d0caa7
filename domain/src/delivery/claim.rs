//! Which events are applied next, and by whom: one replica each, under a lease that Postgres's clock ends.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{Source, State};

/// For so long nobody else tries what a replica claimed. It bridges the moment until the events are locked by the transaction
/// that applies them, and is how long they wait when that replica is killed; so it is short.
const LEASE: Duration = Duration::from_secs(2);

/// So many bytes are applied in one transaction at the most, since it holds them all; one event may have more.
const BYTES: i64 = 16 << 20;

/// A transaction of a replica that stands still is ended after this long, and others take its events.
const STANDSTILL: &str = "5s";

/// How long one waits for what others hold: what it took meanwhile, nobody else can apply.
const LOCKED: &str = "3s";

/// How long a statement may take. The server goes on with one whose client went away, and with all that its transaction holds.
const STATEMENT: &str = "9s";

/// Which of what waits is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// All of it: what nobody tried yet before what failed.
    Any,
    /// What failed and is due again. It would else wait as long as anything comes in.
    Again,
}

/// An event that this replica may apply, as long as nobody claimed it after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Our id of it.
    pub id: Uuid,
    /// What it is about.
    pub subject: Option<String>,
    /// Which lease of it this is.
    pub token: i64,
    /// How often it was tried, this time included.
    pub attempts: i32,
}

/// An event to be applied, locked until its transaction ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// Our id of it.
    pub id: Uuid,
    /// Who sent it.
    pub source: Source,
    /// The sender's id of it.
    pub external_id: String,
    /// What happened, in the sender's word.
    pub event: String,
    /// What was done, where the sender says so.
    pub action: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// When it happened, by its sender's clock.
    pub occurred_at: Option<DateTime<Utc>>,
    /// The bytes as they were signed.
    pub body: Vec<u8>,
    /// How often it was tried, this time included.
    pub attempts: i32,
    /// Which lease of it this is.
    pub token: i64,
}

/// What a transaction holds of what was claimed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// What it may apply, in the order of arrival.
    pub events: Vec<Claimed>,
    /// What cannot be applied, since its bytes are no longer kept.
    pub bare: Vec<Uuid>,
    /// What is held and must not be applied yet, since somebody else has something before it.
    pub behind: Vec<Uuid>,
}

/// Of which of these senders something may be there to be claimed.
pub async fn due(db: &PgPool, sources: &[Source]) -> sqlx::Result<Vec<Source>> {
    let sources: Vec<&str> = sources.iter().map(|it| it.as_str()).collect();
    let found = sqlx::query_scalar!(
        r#"select it as "source!" from unnest($1::text[]) it where exists (
            select from inbox.delivery d where d.source = it and d.state = 'pending' and d.due_at <= now()
                and (d.leased_until is null or d.leased_until <= now())
         )"#,
        &sources as &[&str]
    );
    let found = found.fetch_all(db).await?;
    Ok(Source::ALL.into_iter().filter(|it| found.iter().any(|word| word == it.as_str())).collect())
}

/// Claims events of a sender, the oldest first, at most so many; of each subject only those before which nothing of it is left. Events
/// that were tried before are claimed alone, so that whatever keeps one from being applied keeps no other from it.
pub async fn claim(db: &PgPool, source: Source, waiting: Waiting, limit: i64) -> sqlx::Result<Vec<Claim>> {
    let since = match waiting {
        Waiting::Any => DateTime::UNIX_EPOCH,
        // What was never tried is due since the epoch.
        Waiting::Again => DateTime::UNIX_EPOCH + TimeDelta::seconds(1),
    };
    // Of all indexes only those that have what waits in its order: after a look at the table in a calm, the planner takes all that waits for
    // one row, and would read and sort all of it for each event.
    let mut transaction = db.begin_with("begin; set local enable_sort = off").await?;
    let claims = sqlx::query_as!(
        Claim,
        "with candidate as (
            select d.id, d.subject, d.due_at, d.attempts, d.size from inbox.delivery d
            -- What comes first of its subject is looked at, so that what waits behind it is not. A join, which remembers it for the others
            -- of that subject.
            left join lateral (
                select f.id, f.attempts, f.due_at, f.leased_until from inbox.delivery f
                where f.source = d.source and f.subject = d.subject and f.state = 'pending'
                order by f.id limit 1
            ) first on true
            where d.source = $1 and d.state = 'pending' and d.due_at >= $5 and d.due_at <= now()
                and (d.leased_until is null or d.leased_until <= now())
                and (d.subject is null or first.id = d.id or first.attempts = 0 and first.due_at <= now()
                    and (first.leased_until is null or first.leased_until <= now()))
            order by d.due_at, d.id limit $2
            for update of d skip locked
         ), linked as (
            select c.*, (
                -- Said so that no other index has this order.
                select before.id from inbox.delivery before
                where before.source = $1 and before.state = 'pending' and before.subject >= c.subject
                    and (before.subject, before.id) < (c.subject, c.id)
                order by before.subject desc, before.id desc limit 1
            ) is not distinct from case when c.subject is not null then lag(c.id) over subject end as follows
            from candidate c window subject as (partition by c.subject order by c.id)
         ), unbroken as (
            select l.*, bool_and(l.follows) over (partition by l.subject order by l.id) as whole from linked l
         ), queue as (
            select id, row_number() over line as place, count(*) filter (where attempts > 0) over line as tried,
                sum(size) over line as bytes
            from unbroken where whole or subject is null window line as (order by due_at, id)
         )
         update inbox.delivery d
         set attempts = d.attempts + 1, token = d.token + 1, leased_until = clock_timestamp() + make_interval(secs => $3)
         -- An array rather than a join, so that these rows are looked up, whatever the planner believes of the table.
         where d.id = any (array(select id from queue where place = 1 or tried = 0 and bytes <= $4))
         returning d.id, d.subject, d.token, d.attempts",
        source.as_str(),
        limit,
        LEASE.as_secs_f64(),
        BYTES,
        since
    );
    let mut claims = claims.fetch_all(&mut *transaction).await?;
    transaction.commit().await?;
    claims.sort_unstable_by_key(|it| it.id);
    Ok(claims)
}

/// Claims this once more, and says whether it still was ours: how often it was tried is on the disk after that, so that what ends the
/// database each time is set aside at last.
pub async fn hold(db: &PgPool, claim: &Claim) -> sqlx::Result<bool> {
    let mut transaction = db.begin().await?;
    sqlx::query!("select set_config('synchronous_commit', 'on', true)").fetch_one(&mut *transaction).await?;
    let held = sqlx::query!(
        "update inbox.delivery set leased_until = clock_timestamp() + make_interval(secs => $3)
         where id = $1 and token = $2 and state = 'pending'",
        claim.id,
        claim.token,
        LEASE.as_secs_f64()
    );
    let held = held.execute(&mut *transaction).await?.rows_affected() == 1;
    transaction.commit().await?;
    Ok(held)
}

/// Locks what was claimed, for the transaction that applies it, and reads it; without what somebody else claimed since.
pub async fn take(db: &mut PgConnection, claims: &[Claim]) -> sqlx::Result<Taken> {
    let tokens: HashMap<Uuid, i64> = claims.iter().map(|it| (it.id, it.token)).collect();
    let ids: Vec<Uuid> = claims.iter().map(|it| it.id).collect();
    let settings = sqlx::query!(
        "select set_config('idle_in_transaction_session_timeout', $1, true) as standstill,
            set_config('lock_timeout', $2, true) as locked, set_config('statement_timeout', $3, true) as statement",
        STANDSTILL,
        LOCKED,
        STATEMENT
    );
    settings.fetch_one(&mut *db).await?;
    let rows = sqlx::query!(
        r#"select d.id, d.source, d.external_id, d.event, d.action, d.subject, d.received_at, d.source_at, d.attempts, d.token,
            d.state, (select b.body from inbox.body b where b.delivery_id = d.id and b.received_at = d.received_at) as body
         from inbox.delivery d
         -- An array rather than a join, and nothing of their state, so that these rows are looked up: where many wait, an index of what
         -- waits is read as a whole.
         where d.id = any($1) order by d.id for update of d skip locked"#,
        &ids
    );
    let mut taken = Taken::default();
    for it in rows.fetch_all(&mut *db).await? {
        let ours = tokens.get(&it.id) == Some(&it.token) && it.state == State::Pending.as_str();
        // A sender of a newer program is not claimed by this one.
        let Some(source) = Source::read(&it.source).filter(|_| ours) else { continue };
        let Some(body) = it.body else {
            taken.bare.push(it.id);
            continue;
        };
        taken.events.push(Claimed {
            id: it.id,
            source,
            external_id: it.external_id,
            event: it.event,
            action: it.action,
            subject: it.subject,
            received_at: it.received_at,
            occurred_at: it.source_at,
            body,
            attempts: it.attempts,
            token: it.token,
        });
    }
    taken.drop_behind_gaps(claims);
    Ok(taken)
}

impl Taken {
    /// Leaves out what comes after something of its subject that somebody else has now: that goes first.
    fn drop_behind_gaps(&mut self, claims: &[Claim]) {
        let held: HashSet<Uuid> = self.events.iter().map(|it| it.id).chain(self.bare.iter().copied()).collect();
        let mut lost: HashMap<&str, Uuid> = HashMap::new();
        for it in claims.iter().filter(|it| !held.contains(&it.id)) {
            let Some(subject) = &it.subject else { continue };
            lost.entry(subject).and_modify(|first| *first = (*first).min(it.id)).or_insert(it.id);
        }
        let behind = |it: &Claimed| it.subject.as_deref().and_then(|of| lost.get(of)).is_some_and(|gap| *gap < it.id);
        self.behind = self.events.extract_if(.., |it| behind(it)).map(|it| it.id).collect();
    }
}
