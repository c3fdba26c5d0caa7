//! Which workspace a bot's token belongs to.

use sqlx::PgExecutor;

use crate::account::Platform;

/// The workspace of the token with this digest, once it was told.
pub async fn known(db: impl PgExecutor<'_>, platform: Platform, digest: &[u8]) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select tenant from auth.home where platform = $1 and digest = $2", platform.as_str(), digest)
        .fetch_optional(db)
        .await
}

/// Keeps what the platform told.
pub async fn keep(db: impl PgExecutor<'_>, platform: Platform, digest: &[u8], tenant: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into auth.home (platform, digest, tenant) values ($1, $2, $3)
         on conflict (platform, digest) do update set tenant = excluded.tenant, known_at = now()",
        platform.as_str(),
        digest,
        tenant
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The workspace whose token was told last; nothing while none was.
pub async fn last(db: impl PgExecutor<'_>, platform: Platform) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select tenant from auth.home where platform = $1 order by known_at desc limit 1",
        platform.as_str()
    )
    .fetch_optional(db)
    .await
}
