//! Who did what, by which rule, and who was refused. Rows are only ever added; [`crate::audit_chain`] says how they hang
//! together.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{Connection, PgConnection, PgPool};
use uuid::Uuid;

use crate::audit_chain::{self, FORMAT, Head, Record};
use crate::person::Person;

/// What is written down.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Who acts.
    pub who: Who,
    /// The word of the action, such as `accept-sync`.
    pub action: String,
    /// What is acted upon, such as `sync:ldap`.
    pub resource: String,
    /// The rule that allows or forbids it, in words.
    pub rule: String,
    /// The request in which it was asked for.
    pub request: Option<Uuid>,
    /// What else there is to know; no secrets.
    pub detail: Value,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A person of the directory, by id and by their name at the time.
    Person(Uuid, String),
    /// Somebody at the terminal of the machine, by the name of their account there.
    Operator(String),
    /// The program by itself.
    Program,
}

impl From<&Person> for Who {
    fn from(person: &Person) -> Self {
        Self::Person(person.id, person.name.clone())
    }
}

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody is about to act.
    Intent,
    /// How that ended.
    Outcome,
    /// Somebody was refused.
    Denial,
    /// Something was changed or looked at in one step.
    Change,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Intent, Self::Outcome, Self::Denial, Self::Change];

    /// The word under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Outcome => "outcome",
            Self::Denial => "denial",
            Self::Change => "change",
        }
    }
}

/// How an act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It turned out not to be possible; nothing was changed.
    Refused,
    /// It failed.
    Failed,
}

impl Outcome {
    /// The word under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// An intent that was written down. Its number may be stored, so that another replica can say how the act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The number of the intent's row.
    pub number: i64,
}

/// Writes down what somebody is about to do. It is committed when this returns; what cannot be written must not be done.
pub async fn intend(db: &PgPool, entry: &Entry) -> sqlx::Result<Receipt> {
    let mut connection = db.acquire().await?;
    Ok(Receipt { number: append(&mut connection, Kind::Intent, entry, None).await? })
}

/// Writes down how an act ended; best as the last statement of the transaction that holds its effect, since all other
/// writers wait until that ends.
pub async fn outcome(db: &mut PgConnection, receipt: Receipt, outcome: Outcome, detail: Value) -> sqlx::Result<()> {
    let intent = sqlx::query!(
        "select who_id, who, action, resource, rule, request_id from audit.entry where number = $1 and kind = 'intent'",
        receipt.number
    );
    let intent = intent.fetch_one(&mut *db).await?;
    let who = match intent.who_id {
        Some(id) => Who::Person(id, intent.who),
        None => Who::Operator(intent.who),
    };
    let entry = Entry {
        who,
        action: intent.action,
        resource: intent.resource,
        rule: intent.rule,
        request: intent.request_id,
        detail,
    };
    append(db, Kind::Outcome, &entry, Some((receipt, outcome))).await?;
    Ok(())
}

/// Writes down that somebody was refused.
pub async fn denied(db: &mut PgConnection, entry: &Entry) -> sqlx::Result<()> {
    append(db, Kind::Denial, entry, None).await?;
    Ok(())
}

/// Writes down what was changed or looked at in one step, in the transaction that changes it.
pub async fn changed(db: &mut PgConnection, entry: &Entry) -> sqlx::Result<()> {
    append(db, Kind::Change, entry, None).await?;
    Ok(())
}

/// The intents of a request that nobody has said the outcome of, as after a crash.
pub async fn unfinished(db: impl sqlx::PgExecutor<'_>, request: Uuid) -> sqlx::Result<Vec<Receipt>> {
    sqlx::query_as!(
        Receipt,
        "select number from audit.entry it where request_id = $1 and kind = 'intent'
            and not exists (select from audit.entry other where other.intent = it.number)
         order by number",
        request
    )
    .fetch_all(db)
    .await
}

/// One writer at a time: the number of the lock that they all take.
const LOCK: i64 = 0x0061_7564_6974;

/// Adds a row to the chain and tells its number.
async fn append(
    db: &mut PgConnection,
    kind: Kind,
    entry: &Entry,
    ends: Option<(Receipt, Outcome)>,
) -> sqlx::Result<i64> {
    let mut transaction = db.begin().await?;
    // A statement of its own: the next one must see what the writer before us has committed.
    sqlx::query!(r#"select pg_advisory_xact_lock($1)::text as "locked""#, LOCK).fetch_one(&mut *transaction).await?;
    let head = Head::last(&mut *transaction).await?;
    let at = sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(&mut *transaction).await?;
    let record = record(kind, entry, ends, (head, at));
    record.store(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(record.number)
}

fn record(kind: Kind, entry: &Entry, ends: Option<(Receipt, Outcome)>, (head, at): (Head, DateTime<Utc>)) -> Record {
    let (who_id, who) = match &entry.who {
        Who::Person(id, name) => (Some(*id), name.as_str()),
        Who::Operator(name) => (None, name.as_str()),
        Who::Program => (None, "the program"),
    };
    let record = Record {
        number: head.number + 1,
        format: FORMAT,
        at,
        kind: kind.as_str().into(),
        who_id,
        who: audit_chain::text(who),
        action: audit_chain::text(&entry.action),
        resource: audit_chain::text(&entry.resource),
        rule: audit_chain::text(&entry.rule),
        request: entry.request,
        intent: ends.map(|it| it.0.number),
        outcome: ends.map(|it| it.1.as_str().into()),
        detail: audit_chain::plain(&entry.detail),
        previous: head.hash,
        hash: Vec::new(),
    };
    record.sealed()
}
