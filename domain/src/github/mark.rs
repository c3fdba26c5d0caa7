//! Marks by which GitHub says that a list is what it was.

use sqlx::PgExecutor;

/// The marks of a list; none where it is time to read it again whatever they say.
pub async fn of(db: impl PgExecutor<'_>, list: &str) -> sqlx::Result<Vec<String>> {
    let found = sqlx::query_scalar!(
        "select etags from github.page_mark where list = $1 and read_at > now() - interval '1 day'",
        list
    );
    Ok(found.fetch_optional(db).await?.unwrap_or_default())
}

/// Stores the marks of a list, in the transaction of what was read of it.
pub async fn keep(db: impl PgExecutor<'_>, list: &str, etags: &[String]) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into github.page_mark (list, etags) values ($1, $2)
         on conflict (list) do update set etags = excluded.etags, read_at = now()",
        list,
        etags
    )
    .execute(db)
    .await
    .map(|_| ())
}
