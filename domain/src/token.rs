//! Personal tokens for the terminal. Only their digest is stored.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgExecutor;
use uuid::Uuid;

/// A personal token, as far as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl Token {
    /// Stores a token for a person; a repeat of the same request replaces the token that the first try made.
    pub async fn store(
        db: impl PgExecutor<'_>,
        person: Uuid,
        request: Uuid,
        secret: &str,
        expires_at: DateTime<Utc>,
    ) -> sqlx::Result<()> {
        let digest = digest(secret);
        sqlx::query!(
            "insert into auth.token (id, person_id, digest, expires_at, request_id) values ($1, $2, $3, $4, $5)
             on conflict on constraint token_request_key
             do update set digest = excluded.digest, expires_at = excluded.expires_at",
            Uuid::now_v7(),
            person,
            &digest[..],
            expires_at,
            request
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// The person whose token this is, noting its use to the hour; nobody's when it expired or they were disabled or left.
    pub async fn holder(db: impl PgExecutor<'_>, secret: &str) -> sqlx::Result<Option<Uuid>> {
        let digest = digest(secret);
        sqlx::query_scalar!(
            r#"with held as (
                select t.id, t.person_id, t.last_used_at from auth.token t join org.person p on p.id = t.person_id
                where t.digest = $1 and t.expires_at > now() and not p.disabled and p.left_at is null
            ), used as (
                update auth.token set last_used_at = now() from held
                where token.id = held.id and (held.last_used_at is null or held.last_used_at < now() - interval '1 hour')
            )
            select person_id from held"#,
            &digest[..]
        )
        .fetch_optional(db)
        .await
    }

    /// The working tokens of a person, the newest first.
    pub async fn of(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select created_at, expires_at, last_used_at from auth.token
             where person_id = $1 and expires_at > now() order by created_at desc",
            person
        )
        .fetch_all(db)
        .await
    }
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
