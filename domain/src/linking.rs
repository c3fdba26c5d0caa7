//! Somebody is sent to another platform to sign in there, and may come back once, within minutes.

use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::account::Platform;

/// For how many minutes somebody may come back.
pub const MINUTES: i32 = 10;

/// Who is on the way.
#[derive(Clone, PartialEq, Eq)]
pub struct Linking {
    /// Who was sent.
    pub person: Uuid,
    /// What proves to the platform that we sent them.
    pub verifier: String,
    /// The request in which they asked for it.
    pub request: Uuid,
}

impl Linking {
    /// Sends somebody who brings this back; a repeat of the same request takes the place of the first try.
    pub async fn begin(&self, db: &mut PgConnection, platform: Platform, state: &str) -> sqlx::Result<()> {
        sqlx::query!("delete from auth.linking where request_id = $1", self.request).execute(&mut *db).await?;
        sqlx::query!(
            "insert into auth.linking (digest, person_id, platform, verifier, request_id, expires_at)
             values ($1, $2, $3, $4, $5, now() + make_interval(mins => $6))",
            digest(state),
            self.person,
            platform.as_str(),
            self.verifier,
            self.request,
            MINUTES
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// Who may come back with this, without using it up.
    pub async fn of(db: impl PgExecutor<'_>, platform: Platform, state: &str) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(
            Self,
            "select person_id as person, verifier, request_id as request from auth.linking
             where digest = $1 and platform = $2 and used_at is null and expires_at > now()",
            digest(state),
            platform.as_str()
        )
        .fetch_optional(db)
        .await
    }

    /// Who comes back with this: once, and nobody after them.
    pub async fn take(db: impl PgExecutor<'_>, platform: Platform, state: &str) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(
            Self,
            "update auth.linking set used_at = now(), verifier = ''
             where digest = $1 and platform = $2 and used_at is null and expires_at > now()
             returning person_id as person, (select verifier from auth.linking old where old.digest = $1) as \"verifier!\",
                request_id as request",
            digest(state),
            platform.as_str()
        )
        .fetch_optional(db)
        .await
    }

    /// Forgets who did not come back, and who did, after a day.
    pub async fn forget(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
        let forgotten = sqlx::query!("delete from auth.linking where expires_at < now() - interval '1 day'");
        Ok(forgotten.execute(db).await?.rows_affected())
    }
}

/// Only this is kept: whoever reads the table cannot come back in somebody's place.
fn digest(state: &str) -> Vec<u8> {
    Sha256::digest(state.as_bytes()).to_vec()
}
