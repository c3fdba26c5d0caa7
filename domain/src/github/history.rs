//! What happened to a pull request.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// Something that was done or said, as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: DateTime<Utc>,
    /// What, in one word, such as `approved`.
    pub kind: String,
    /// Who; nobody where GitHub did it by itself.
    pub actor_id: Option<i64>,
    /// The beginning of what was said.
    pub text: String,
    /// Its page.
    pub url: Option<String>,
}

impl Act {
    /// What happened to this pull request, the newest first, and how much in all.
    pub async fn of(
        db: impl PgExecutor<'_>,
        pull_request: i64,
        (limit, offset): (i64, i64),
    ) -> sqlx::Result<(Vec<Self>, i64)> {
        let rows = sqlx::query!(
            r#"select at, kind, actor_id, text, url, count(*) over () as "total!" from github.activity
             where pull_request_id = $1 and kind <> 'deleted' order by at desc, id desc limit $2 offset $3"#,
            pull_request,
            limit,
            offset
        );
        let rows = rows.fetch_all(db).await?;
        let total = rows.first().map_or(0, |it| it.total);
        let acts = rows.into_iter().map(|it| Self {
            at: it.at,
            kind: it.kind,
            actor_id: it.actor_id,
            text: it.text,
            url: it.url,
        });
        Ok((acts.collect(), total))
    }
}
