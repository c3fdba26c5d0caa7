use chrono::{DateTime, Utc};
use sqlx::PgConnection;

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
    /// Which of these acts are known.
    pub(super) async fn known(db: &mut PgConnection, ids: &[String]) -> sqlx::Result<Vec<String>> {
        sqlx::query_scalar!("select id from github.activity where id = any($1)", ids).fetch_all(db).await
    }

    /// Takes up what is told of the same act, unless it is older. What was deleted stays so.
    pub(super) fn tell(&mut self, told: Self) {
        if self.source_at < told.source_at && self.kind != "deleted" {
            (self.kind, self.text, self.source_at) = (told.kind, told.text, told.source_at);
        }
    }

    /// Stores what was done, sorted by id. What is newer about the same act stays.
    pub(super) async fn write(db: &mut PgConnection, all: &[(Of, &Self)]) -> sqlx::Result<()> {
        let pulls: Vec<i64> = all.iter().map(|it| it.0.0.unwrap_or_default()).collect();
        let repositories: Vec<i64> = all.iter().map(|it| it.0.1).collect();
        let numbers: Vec<i32> = all.iter().map(|it| it.0.2).collect();
        let ids: Vec<&str> = all.iter().map(|it| it.1.id.as_str()).collect();
        let at: Vec<DateTime<Utc>> = all.iter().map(|it| it.1.at).collect();
        let kinds: Vec<&str> = all.iter().map(|it| it.1.kind).collect();
        let actors: Vec<Option<i64>> = all.iter().map(|it| it.1.actor_id).collect();
        let texts: Vec<&str> = all.iter().map(|it| it.1.text.as_str()).collect();
        let urls: Vec<Option<&str>> = all.iter().map(|it| it.1.url.as_deref()).collect();
        let source: Vec<DateTime<Utc>> = all.iter().map(|it| it.1.source_at).collect();
        sqlx::query!(
            "insert into github.activity as a (pull_request_id, repository_id, number, id, at, kind, actor_id, text, url, source_at)
             select * from unnest($1::bigint[], $2::bigint[], $3::int[], $4::text[], $5::timestamptz[], $6::text[], $7::bigint[],
                $8::text[], $9::text[], $10::timestamptz[])
             on conflict (id) do update set kind = excluded.kind, text = excluded.text, source_at = excluded.source_at
             where a.source_at < excluded.source_at and a.kind <> 'deleted'",
            &pulls,
            &repositories,
            &numbers,
            &ids as &[&str],
            &at,
            &kinds as &[&str],
            &actors as &[Option<i64>],
            &texts as &[&str],
            &urls as &[Option<&str>],
            &source
        )
        .execute(db)
        .await
        .map(|_| ())
    }

    /// Gives pull requests that are new to us what was said of them before: each with its repository and number.
    pub(super) async fn settle(db: &mut PgConnection, new: &[(i64, i64, i32)]) -> sqlx::Result<()> {
        let ids: Vec<i64> = new.iter().map(|it| it.0).collect();
        let repositories: Vec<i64> = new.iter().map(|it| it.1).collect();
        let numbers: Vec<i32> = new.iter().map(|it| it.2).collect();
        sqlx::query!(
            "update github.activity a set pull_request_id = it.id
             from unnest($1::bigint[], $2::bigint[], $3::int[]) it (id, place, number)
             where a.pull_request_id = 0 and a.repository_id = it.place and a.number = it.number",
            &ids,
            &repositories,
            &numbers
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}
