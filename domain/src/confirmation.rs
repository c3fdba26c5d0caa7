//! What somebody was shown and asked to confirm: bound to them and to the state that they saw, used once, soon over.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgExecutor;
use uuid::Uuid;

/// For how many minutes a confirmation can be used.
pub const MINUTES: i32 = 10;

/// A question whether something is to be done, as it is asked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The intent.
    pub intent: Uuid,
    /// Who is asked.
    pub person: Uuid,
    /// The state of what is acted upon that they are shown.
    pub version: i64,
    /// What they entered.
    pub input: &'a Value,
    /// The request that is answered so.
    pub request: Uuid,
}

impl Question<'_> {
    /// Keeps the question and gives the code that answers it; a repeat of the same request gets the code that it got.
    pub async fn ask(&self, db: impl PgExecutor<'_>) -> sqlx::Result<String> {
        sqlx::query_scalar!(
            "insert into auth.confirmation (id, code, intent_id, person_id, version, input, request_id, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(mins => $8))
             on conflict on constraint confirmation_request_key do update set input = excluded.input
             returning code",
            Uuid::now_v7(),
            code(),
            self.intent,
            self.person,
            self.version,
            self.input,
            self.request,
            MINUTES
        )
        .fetch_one(db)
        .await
    }
}

/// A question that was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirmation {
    /// Its id.
    pub id: Uuid,
    /// The intent.
    pub intent: Uuid,
    /// The state that was shown.
    pub version: i64,
    /// What was entered.
    pub input: Value,
    /// When it was asked.
    pub made_at: DateTime<Utc>,
    /// Whether it is too late to answer.
    pub expired: bool,
    /// The request that answered it.
    pub used_by: Option<Uuid>,
}

impl Confirmation {
    /// The question with this code, if this person was asked it.
    pub async fn coded(db: impl PgExecutor<'_>, code: &str, person: Uuid) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(
            Self,
            r#"select id, intent_id as intent, version, input, made_at, expires_at <= now() as "expired!", used_by
             from auth.confirmation where code = lower($1) and person_id = $2"#,
            code,
            person
        )
        .fetch_optional(db)
        .await
    }

    /// Uses it up; false when it was used or is over.
    pub async fn spend(&self, db: impl PgExecutor<'_>, request: Uuid) -> sqlx::Result<bool> {
        let spent = sqlx::query!(
            "update auth.confirmation set used_at = now(), used_by = $2
             where id = $1 and used_at is null and expires_at > now()",
            self.id,
            request
        );
        Ok(spent.execute(db).await?.rows_affected() == 1)
    }

    /// Takes a question back that was not answered; false when there was none.
    pub async fn withdraw(db: impl PgExecutor<'_>, code: &str, person: Uuid) -> sqlx::Result<bool> {
        let withdrawn = sqlx::query!(
            "delete from auth.confirmation where code = lower($1) and person_id = $2 and used_at is null",
            code,
            person
        );
        Ok(withdrawn.execute(db).await?.rows_affected() == 1)
    }

    /// Forgets questions that were over before this moment.
    pub async fn forget(db: impl PgExecutor<'_>, before: DateTime<Utc>) -> sqlx::Result<u64> {
        let forgotten = sqlx::query!("delete from auth.confirmation where expires_at < $1", before);
        Ok(forgotten.execute(db).await?.rows_affected())
    }
}

/// Letters and digits that nobody takes for each other.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Forty random bits, as somebody can read and type them.
fn code() -> String {
    let random = Uuid::new_v4();
    let digits = random.as_bytes().iter().take(5).chain(&random.as_bytes()[9..12]);
    let text: String = digits.map(|it| char::from(ALPHABET[usize::from(it % 32)])).collect();
    format!("{}-{}", &text[..4], &text[4..])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_can_be_typed_and_differ() {
        let codes: HashSet<String> = (0..1000).map(|_| code()).collect();
        assert_eq!(codes.len(), 1000);
        let plain = |it: &String| it.len() == 9 && it.bytes().all(|it| it == b'-' || ALPHABET.contains(&it));
        assert!(codes.iter().all(plain), "{codes:?}");
    }
}
