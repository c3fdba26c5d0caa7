//! Personal tokens for the terminal. Only their digest is stored.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::person::Person;

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

/// Whose token it is, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The person.
    pub person: Person,
    /// When the token stops working.
    pub expires_at: DateTime<Utc>,
}

/// What is stored of a token's secret.
pub type Digested = [u8; 32];

impl Token {
    /// Stores a token for a person, who keeps the newest five; a repeat of the same request replaces the token that the
    /// first try made.
    pub async fn store(
        db: impl PgExecutor<'_>,
        person: Uuid,
        request: Uuid,
        secret: &str,
        expires_at: DateTime<Utc>,
    ) -> sqlx::Result<()> {
        let digest = Self::digest(secret);
        sqlx::query!(
            "with old as (
                delete from auth.token where person_id = $2 and id in (
                    select id from auth.token where person_id = $2 and request_id <> $5 order by created_at desc offset 4)
             )
             insert into auth.token (id, person_id, digest, expires_at, request_id) values ($1, $2, $3, $4, $5)
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

    /// Takes back every token of a person; how many there were.
    pub async fn revoke(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<u64> {
        Ok(sqlx::query!("delete from auth.token where person_id = $1", person).execute(db).await?.rows_affected())
    }

    /// Forgets tokens that stopped working a week ago; how many there were.
    pub async fn forget(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
        let forgotten = sqlx::query!(
            "delete from auth.token where id in (
                select id from auth.token where expires_at < now() - interval '7 days' limit 10000)"
        );
        Ok(forgotten.execute(db).await?.rows_affected())
    }

    /// Who holds each token, noting its use to the hour; one that expired, or whose person was disabled or left, is missing.
    pub async fn holders(db: impl PgExecutor<'_>, digests: &[Digested]) -> sqlx::Result<HashMap<Digested, Holder>> {
        let digests: Vec<Vec<u8>> = digests.iter().map(|it| it.to_vec()).collect();
        let rows = sqlx::query!(
            r#"with held as (
                select t.id as token, t.digest, t.expires_at, t.last_used_at,
                    p.id, p.name, p.display_name, p.email, p.title, p.description, p.disabled
                from auth.token t join org.person p on p.id = t.person_id
                where t.digest = any($1) and t.expires_at > now() and not p.disabled and p.left_at is null
            ), used as (
                -- Two replicas that note the same tokens must not wait for each other crosswise.
                update auth.token set last_used_at = now() where id in (
                    select id from auth.token where id in (select token from held)
                        and (last_used_at is null or last_used_at < now() - interval '1 hour')
                    order by id for update skip locked
                )
            )
            select digest, expires_at, id, name, display_name, email, title, description, disabled from held"#,
            &digests
        );
        let people = rows.map(|it| {
            let person = Person {
                id: it.id,
                name: it.name,
                display_name: it.display_name,
                email: it.email,
                title: it.title,
                description: it.description,
                disabled: it.disabled,
            };
            Some((it.digest.try_into().ok()?, Holder { person, expires_at: it.expires_at }))
        });
        Ok(people.fetch_all(db).await?.into_iter().flatten().collect())
    }

    /// What is stored of this secret.
    pub fn digest(secret: &str) -> Digested {
        Sha256::digest(secret.as_bytes()).into()
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
