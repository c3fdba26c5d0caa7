use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// What a check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing yet.
    Pending,
    /// It passed.
    Success,
    /// It failed.
    Failure,
    /// It does not matter.
    Neutral,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Success, Self::Failure, Self::Neutral];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Neutral => "neutral",
        }
    }

    /// The outcome of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// A check of a commit: a run, or a status of the older kind. Those of one name replace each other, as GitHub counts them.
///
/// <https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks>
#[derive(Clone, Debug, PartialEq)]
pub struct CheckResult {
    /// Whether it is a run rather than a status.
    pub run: bool,
    /// Its name, or the context of a status.
    pub name: String,
    /// What it says.
    pub outcome: Outcome,
    /// Its page.
    pub url: Option<String>,
    /// GitHub's id, which grows; 0 where that was not told.
    pub external_id: i64,
    /// The moment that it is true for.
    pub source_at: DateTime<Utc>,
}

/// A commit, and before it the repository.
pub(super) type Commit = (i64, String);

/// What a check is called, and before it whether it is a run.
pub(super) type Titled = (bool, String);

impl CheckResult {
    /// Whether this counts more than another of the same name: the later run, and of one run what it came to.
    pub fn newer_than(&self, other: &Self) -> bool {
        if self.external_id == 0 || other.external_id == 0 {
            return self.source_at > other.source_at;
        }
        let order = |it: &Self| (it.external_id, it.outcome != Outcome::Pending, it.source_at);
        order(self) > order(other)
    }

    fn kind(&self) -> &'static str {
        kind(self.run)
    }

    /// What is known of these commits, each with the repository and the commit.
    pub(super) async fn of(db: &mut PgConnection, commits: &[Commit]) -> sqlx::Result<Vec<(Commit, Self)>> {
        let (repositories, shas): (Vec<i64>, Vec<String>) = commits.iter().cloned().unzip();
        let rows = sqlx::query!(
            r#"select it.place as "place!", it.sha as "sha!", c.kind as "kind!", c.name as "name!", c.state as "state!", c.url,
                c.external_id as "external_id!", c.source_at as "source_at!"
             from unnest($1::bigint[], $2::text[]) it (place, sha)
             -- Looked up, whatever the planner believes of the table: `offset 0` keeps it from joining.
             cross join lateral (
                select * from github.check_result where repository_id = it.place and check_result.sha = it.sha offset 0
             ) c"#,
            &repositories,
            &shas
        );
        let found = rows.fetch_all(db).await?.into_iter().map(|it| {
            // A constraint keeps it to the words that we know.
            let outcome = Outcome::from_word(&it.state).unwrap_or(Outcome::Neutral);
            let (name, url, external_id, source_at) = (it.name, it.url, it.external_id, it.source_at);
            ((it.place, it.sha), Self { run: it.kind == "run", name, outcome, url, external_id, source_at })
        });
        Ok(found.collect())
    }

    /// Stores checks of commits, sorted, each unless one that counts more is known.
    pub(super) async fn write(db: &mut PgConnection, all: &[(&Commit, &Self)]) -> sqlx::Result<()> {
        let repositories: Vec<i64> = all.iter().map(|it| it.0.0).collect();
        let shas: Vec<&str> = all.iter().map(|it| it.0.1.as_str()).collect();
        let kinds: Vec<&str> = all.iter().map(|it| it.1.kind()).collect();
        let names: Vec<&str> = all.iter().map(|it| it.1.name.as_str()).collect();
        let states: Vec<&str> = all.iter().map(|it| it.1.outcome.as_str()).collect();
        let urls: Vec<Option<&str>> = all.iter().map(|it| it.1.url.as_deref()).collect();
        let ids: Vec<i64> = all.iter().map(|it| it.1.external_id).collect();
        let at: Vec<DateTime<Utc>> = all.iter().map(|it| it.1.source_at).collect();
        sqlx::query!(
            "insert into github.check_result as c (repository_id, sha, kind, name, state, url, external_id, source_at)
             select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
                $8::timestamptz[])
             on conflict (repository_id, sha, kind, name) do update set state = excluded.state, url = excluded.url,
                external_id = excluded.external_id, source_at = excluded.source_at
             where case when 0 in (c.external_id, excluded.external_id) then c.source_at < excluded.source_at
                else (c.external_id, c.state <> 'pending', c.source_at)
                    < (excluded.external_id, excluded.state <> 'pending', excluded.source_at) end",
            &repositories,
            &shas as &[&str],
            &kinds as &[&str],
            &names as &[&str],
            &states as &[&str],
            &urls as &[Option<&str>],
            &ids,
            &at
        )
        .execute(db)
        .await
        .map(|_| ())
    }

    /// Takes away what commits have no longer, or have anew: each with the commit, whether it is a run, and its name.
    pub(super) async fn remove(db: &mut PgConnection, gone: &[(&Commit, &Titled)]) -> sqlx::Result<()> {
        let repositories: Vec<i64> = gone.iter().map(|it| it.0.0).collect();
        let shas: Vec<&str> = gone.iter().map(|it| it.0.1.as_str()).collect();
        let kinds: Vec<&str> = gone.iter().map(|it| kind(it.1.0)).collect();
        let names: Vec<&str> = gone.iter().map(|it| it.1.1.as_str()).collect();
        sqlx::query!(
            "delete from github.check_result c using unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) it (place, sha, kind, name)
             where c.repository_id = it.place and c.sha = it.sha and c.kind = it.kind and c.name = it.name",
            &repositories,
            &shas as &[&str],
            &kinds as &[&str],
            &names as &[&str]
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}

fn kind(run: bool) -> &'static str {
    if run { "run" } else { "status" }
}
