//! The chain of the audit: each row holds the hash of the one before it and of itself, so that a row that is changed, taken
//! out, put in or moved is noticed, as is a tail that is cut off by whoever kept a later head.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

/// Number of the encoding below.
pub const FORMAT: i16 = 1;

/// A row of the audit, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Counted from one, without gaps.
    pub number: i64,
    /// Number of the encoding that the hash is made over.
    pub format: i16,
    /// When it was written, by the database's clock.
    pub at: DateTime<Utc>,
    /// The word of its kind.
    pub kind: String,
    /// The directory's id of who acted; none for an operator or the program.
    pub who_id: Option<Uuid>,
    /// Their name at the time.
    pub who: String,
    /// The word of the action.
    pub action: String,
    /// What was acted upon.
    pub resource: String,
    /// The rule in words.
    pub rule: String,
    /// The request in which it was asked for.
    pub request: Option<Uuid>,
    /// Of an outcome: the number of its intent.
    pub intent: Option<i64>,
    /// Of an outcome: its word.
    pub outcome: Option<String>,
    /// What else there is to know.
    pub detail: Value,
    /// The hash of the row before.
    pub previous: Vec<u8>,
    /// The hash of this row.
    pub hash: Vec<u8>,
}

impl Record {
    /// The row as it is exported: everything but its hash is what the hash is made over.
    pub fn json(&self) -> Value {
        json!({
            "action": self.action,
            "at": self.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "detail": self.detail,
            "format": self.format,
            "intent": self.intent,
            "kind": self.kind,
            "number": self.number,
            "outcome": self.outcome,
            "previous": hex(&self.previous),
            "request": self.request,
            "resource": self.resource,
            "rule": self.rule,
            "who": self.who,
            "who_id": self.who_id,
        })
    }

    /// One line of an export.
    pub fn line(&self) -> String {
        let mut json = self.json();
        json["hash"] = hex(&self.hash).into();
        canonical(&json)
    }

    /// The hash that the row should have.
    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(canonical(&self.json())).to_vec()
    }

    /// The row with its hash.
    pub(crate) fn sealed(self) -> Self {
        Self { hash: self.digest(), ..self }
    }

    pub(crate) async fn store(&self, db: impl PgExecutor<'_>) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into audit.entry (number, format, at, kind, who_id, who, action, resource, rule, request_id, intent,
                outcome, detail, previous, hash)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            self.number,
            self.format,
            self.at,
            self.kind,
            self.who_id,
            self.who,
            self.action,
            self.resource,
            self.rule,
            self.request,
            self.intent,
            self.outcome,
            self.detail,
            self.previous,
            self.hash
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// The rows after this number, in order.
    pub async fn after(db: impl PgExecutor<'_>, number: i64, limit: i64) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select number, format, at, kind, who_id, who, action, resource, rule, request_id as request, intent, outcome,
                detail, previous, hash
             from audit.entry where number > $1 order by number limit $2",
            number,
            limit
        )
        .fetch_all(db)
        .await
    }
}

/// Where the chain ends: whoever keeps one elsewhere can later tell whether everything up to it is still there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the last row; zero when there is none.
    pub number: i64,
    /// Its hash; 32 zeros when there is none.
    pub hash: Vec<u8>,
}

impl Head {
    /// The end of a chain without rows.
    pub fn none() -> Self {
        Self { number: 0, hash: vec![0; 32] }
    }

    /// Where the chain ends now.
    pub async fn last(db: impl PgExecutor<'_>) -> sqlx::Result<Self> {
        let last = sqlx::query_as!(Self, "select number, hash from audit.entry order by number desc limit 1");
        Ok(last.fetch_optional(db).await?.unwrap_or_else(Self::none))
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, hex(&self.hash))
    }
}

impl FromStr for Head {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "a head is a number, a colon and 64 hexadecimal digits, as `pinconsole audit verify` prints it";
        let (number, hash) = text.trim().split_once(':').ok_or(wrong)?;
        let digits = hash.len() == 64 && hash.bytes().all(|it| it.is_ascii_hexdigit());
        let byte = |at: usize| hash.get(at..at + 2).and_then(|it| u8::from_str_radix(it, 16).ok());
        let hash: Option<Vec<u8>> = (0..64).step_by(2).map(byte).collect();
        match (number.parse(), hash, digits) {
            (Ok(number), Some(hash), true) if number >= 0 => Ok(Self { number, hash }),
            _ => Err(wrong),
        }
    }
}

/// Where a chain is broken first, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// A row with this number should be there.
    Missing(i64),
    /// The row's content does not give its hash.
    Changed(i64),
    /// The row does not follow the one before it.
    Detached(i64),
    /// The chain ends before the row that the kept head names.
    Cut(i64),
    /// The row that the kept head names has another hash: everything was written anew.
    Rewritten(i64),
    /// The row was written by a newer program.
    Unknown(i64),
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(number) => write!(f, "row {number} is missing"),
            Self::Changed(number) => write!(f, "row {number} was changed: its content does not give its hash"),
            Self::Detached(number) => write!(f, "row {number} does not follow the row before it"),
            Self::Cut(number) => {
                write!(f, "the chain ends before row {number}, which the head names: its tail was cut off")
            }
            Self::Rewritten(number) => {
                write!(f, "row {number} has another hash than the head: the chain was written anew")
            }
            Self::Unknown(number) => {
                write!(f, "row {number} has a format that this program does not know: use a newer one")
            }
        }
    }
}

/// Computes the whole chain again: where it ends, or where it is first broken. `kept` is a head that was kept elsewhere.
pub async fn verify(db: &PgPool, kept: Option<&Head>) -> sqlx::Result<Result<Head, Break>> {
    let mut head = Head::none();
    loop {
        let rows = Record::after(db, head.number, AT_A_TIME).await?;
        if rows.is_empty() {
            return Ok(ended(head, kept));
        }
        for row in &rows {
            match follow(&head, row, kept) {
                Ok(next) => head = next,
                Err(broken) => return Ok(Err(broken)),
            }
        }
    }
}

/// How many rows are looked at at a time.
pub const AT_A_TIME: i64 = 2_000;

/// The end of the chain with one more row, or how the row breaks it.
fn follow(head: &Head, row: &Record, kept: Option<&Head>) -> Result<Head, Break> {
    if row.number != head.number + 1 {
        return Err(Break::Missing(head.number + 1));
    }
    if row.format != FORMAT {
        return Err(Break::Unknown(row.number));
    }
    if row.digest() != row.hash {
        return Err(Break::Changed(row.number));
    }
    if row.previous != head.hash {
        return Err(Break::Detached(row.number));
    }
    match kept.filter(|it| it.number == row.number && it.hash != row.hash) {
        Some(_) => Err(Break::Rewritten(row.number)),
        None => Ok(Head { number: row.number, hash: row.hash.clone() }),
    }
}

fn ended(head: Head, kept: Option<&Head>) -> Result<Head, Break> {
    match kept.filter(|it| it.number > head.number) {
        Some(kept) => Err(Break::Cut(kept.number)),
        None => Ok(head),
    }
}

/// JSON in one form: keys sorted, no spaces, nothing escaped that need not be.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| *key);
            let fields = fields.into_iter().map(|(key, it)| format!("{}:{}", Value::from(key.as_str()), canonical(it)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        scalar => scalar.to_string(),
    }
}

/// The same without what programs write in different ways, or a database not at all: broken numbers become text.
pub(crate) fn plain(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, it)| (text(key), plain(it))).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Number(it) if it.is_f64() => it.to_string().into(),
        Value::String(it) => text(it).into(),
        it => it.clone(),
    }
}

/// Postgres stores no NUL.
pub(crate) fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_whatever_the_order_of_keys() {
        let value = json!({ "b": [1, -2, true, null], "a": { "z": "é\"\n\u{1}", "y": "" } });
        assert_eq!(canonical(&value), "{\"a\":{\"y\":\"\",\"z\":\"é\\\"\\n\\u0001\"},\"b\":[1,-2,true,null]}");
        assert_eq!(plain(&json!({ "a": [1.5, 2, "x\0"] })), json!({ "a": ["1.5", 2, "x\u{fffd}"] }));
    }

    #[test]
    fn a_head_is_read_as_it_is_written() {
        let head = Head { number: 7, hash: (0..32).collect() };
        assert_eq!(head.to_string().parse(), Ok(head));
        for wrong in ["", "7", "7:", "x:00", &format!("7:{}", "g".repeat(64)), &format!("-1:{}", "0".repeat(64))] {
            assert!(Head::from_str(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_first_break_is_named() {
        let row = |number: i64, previous: &[u8]| {
            Record {
                number,
                format: FORMAT,
                at: DateTime::UNIX_EPOCH,
                kind: "change".into(),
                who_id: None,
                who: "ada".into(),
                action: "read-audit".into(),
                resource: "audit:log".into(),
                rule: String::new(),
                request: None,
                intent: None,
                outcome: None,
                detail: json!({}),
                previous: previous.into(),
                hash: Vec::new(),
            }
            .sealed()
        };
        let none = Head::none();
        let first = row(1, &none.hash);
        let head = follow(&none, &first, None).expect("a chain");
        assert_eq!(follow(&head, &row(3, &first.hash), None), Err(Break::Missing(2)));
        assert_eq!(follow(&head, &row(2, &[9; 32]), None), Err(Break::Detached(2)));
        let changed = Record { who: "eve".into(), ..row(2, &first.hash) };
        assert_eq!(follow(&head, &changed, None), Err(Break::Changed(2)));
        assert_eq!(follow(&none, &first, Some(&Head { number: 1, hash: vec![1; 32] })), Err(Break::Rewritten(1)));
        assert_eq!(follow(&none, &Record { format: 2, ..first }, None), Err(Break::Unknown(1)));
        assert_eq!(ended(head.clone(), Some(&Head { number: 2, hash: vec![1; 32] })), Err(Break::Cut(2)));
        assert_eq!(ended(head.clone(), Some(&head)), Ok(head));
    }
}
