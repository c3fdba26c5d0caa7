use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

/// Something that was done or said about a pull request.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Which: the same act has the same id, however it is told.
    pub id: String,
    /// When, by GitHub's clock.
    pub at: DateTime<Utc>,
    /// What, in one word, such as `approved`; `deleted` for a comment that is gone.
    pub kind: &'static str,
    /// Who; nobody where GitHub did it by itself.
    pub actor_id: Option<i64>,
    /// The beginning of what was said.
    pub text: String,
    /// Its page.
    pub url: Option<String>,
    /// Since when it reads so.
    pub source_at: DateTime<Utc>,
}

/// Whose activity it is: GitHub's id where that is known, and the repository with the number.
pub(super) type Of = (Option<i64>, i64, i32);

impl Activity {
    /// Stores what was done; the ids of what was not known. What is newer about the same act stays.
    pub async fn write(
        db: impl PgExecutor<'_>,
        (id, repository, number): Of,
        acts: &[Self],
    ) -> sqlx::Result<Vec<String>> {
        let ids: Vec<&str> = acts.iter().map(|it| it.id.as_str()).collect();
        let at: Vec<DateTime<Utc>> = acts.iter().map(|it| it.at).collect();
        let kinds: Vec<&str> = acts.iter().map(|it| it.kind).collect();
        let actors: Vec<Option<i64>> = acts.iter().map(|it| it.actor_id).collect();
        let texts: Vec<&str> = acts.iter().map(|it| it.text.as_str()).collect();
        let urls: Vec<Option<&str>> = acts.iter().map(|it| it.url.as_deref()).collect();
        let source: Vec<DateTime<Utc>> = acts.iter().map(|it| it.source_at).collect();
        let rows = sqlx::query!(
            r#"insert into github.activity as a
                (pull_request_id, repository_id, number, id, at, kind, actor_id, text, url, source_at)
             select $1, $2, $3, id, at, kind, actor, text, url, source
             from unnest($4::text[], $5::timestamptz[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::timestamptz[])
                it (id, at, kind, actor, text, url, source)
             on conflict (id) do update set kind = excluded.kind, text = excluded.text, source_at = excluded.source_at
             where a.source_at < excluded.source_at and a.kind <> 'deleted'
             returning id, xmax = 0 as "new!""#,
            id.unwrap_or_default(),
            repository,
            number,
            &ids as &[&str],
            &at,
            &kinds as &[&str],
            &actors as &[Option<i64>],
            &texts as &[&str],
            &urls as &[Option<&str>],
            &source
        );
        Ok(rows.fetch_all(db).await?.into_iter().filter(|it| it.new).map(|it| it.id).collect())
    }

    /// Gives a pull request that is new to us what was said of it before.
    pub async fn settle(db: &mut PgConnection, (id, repository, number): (i64, i64, i32)) -> sqlx::Result<()> {
        let settled = sqlx::query!(
            "update github.activity set pull_request_id = $1 where pull_request_id = 0 and repository_id = $2 and number = $3",
            id,
            repository,
            number
        );
        settled.execute(db).await.map(|_| ())
    }
}
