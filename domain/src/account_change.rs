//! What becomes of a proven account when its platform says that it changed.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use crate::account::{Account, Platform, Proof};

impl Account {
    /// Forgets an account that was proven by another address than this one; whether it still proves somebody is found out
    /// at its next use.
    pub async fn readdressed(
        db: impl PgExecutor<'_>,
        (platform, tenant, external_id): (Platform, &str, &str),
        email: &str,
    ) -> sqlx::Result<()> {
        sqlx::query!(
            "delete from auth.account where platform = $1 and tenant = $2 and external_id = $3
                and proof = $4 and lower(email) is distinct from lower($5)",
            platform.as_str(),
            tenant,
            external_id,
            Proof::Email.as_str(),
            email
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// Lets the proof of an account be no younger than this, so that it is renewed at its next use.
    pub async fn doubt(
        db: impl PgExecutor<'_>,
        (platform, tenant, external_id): (Platform, &str, &str),
        age: DateTime<Utc>,
    ) -> sqlx::Result<()> {
        sqlx::query!(
            "update auth.account set proven_at = $4
             where platform = $1 and tenant = $2 and external_id = $3 and proven_at > $4",
            platform.as_str(),
            tenant,
            external_id,
            age
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
