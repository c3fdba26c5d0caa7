use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

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
        if self.run { "run" } else { "status" }
    }

    /// What is known of a commit.
    pub async fn of(db: impl PgExecutor<'_>, (repository, sha): (i64, &str)) -> sqlx::Result<Vec<Self>> {
        let rows = sqlx::query!(
            "select kind, name, state, url, external_id, source_at from github.check_result
             where repository_id = $1 and sha = $2 order by kind, name",
            repository,
            sha
        );
        Ok(rows
            .fetch_all(db)
            .await?
            .into_iter()
            .map(|it| Self {
                run: it.kind == "run",
                name: it.name,
                // A constraint keeps it to the words that we know.
                outcome: Outcome::from_word(&it.state).unwrap_or(Outcome::Neutral),
                url: it.url,
                external_id: it.external_id,
                source_at: it.source_at,
            })
            .collect())
    }

    /// Stores checks of a commit, each unless one that counts more is known.
    pub async fn write(db: &mut PgConnection, (repository, sha): (i64, &str), checks: &[Self]) -> sqlx::Result<()> {
        let kinds: Vec<&str> = checks.iter().map(Self::kind).collect();
        let names: Vec<&str> = checks.iter().map(|it| it.name.as_str()).collect();
        let states: Vec<&str> = checks.iter().map(|it| it.outcome.as_str()).collect();
        let urls: Vec<Option<&str>> = checks.iter().map(|it| it.url.as_deref()).collect();
        let ids: Vec<i64> = checks.iter().map(|it| it.external_id).collect();
        let at: Vec<DateTime<Utc>> = checks.iter().map(|it| it.source_at).collect();
        sqlx::query!(
            "insert into github.check_result as c (repository_id, sha, kind, name, state, url, external_id, source_at)
             select $1, $2, kind, name, state, url, id, at
             from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[])
                it (kind, name, state, url, id, at)
             order by kind, name
             on conflict (repository_id, sha, kind, name) do update set state = excluded.state, url = excluded.url,
                external_id = excluded.external_id, source_at = excluded.source_at
             where case when 0 in (c.external_id, excluded.external_id) then c.source_at < excluded.source_at
                else (c.external_id, c.state <> 'pending', c.source_at)
                    < (excluded.external_id, excluded.state <> 'pending', excluded.source_at) end",
            repository,
            sha,
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

    /// Takes away what a commit has no longer.
    pub async fn remove(db: &mut PgConnection, (repository, sha): (i64, &str), gone: &[Self]) -> sqlx::Result<()> {
        let kinds: Vec<&str> = gone.iter().map(Self::kind).collect();
        let names: Vec<&str> = gone.iter().map(|it| it.name.as_str()).collect();
        sqlx::query!(
            "delete from github.check_result c using unnest($3::text[], $4::text[]) it (kind, name)
             where c.repository_id = $1 and c.sha = $2 and c.kind = it.kind and c.name = it.name",
            repository,
            sha,
            &kinds as &[&str],
            &names as &[&str]
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}
