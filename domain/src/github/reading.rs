use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// What is read of GitHub at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Where the app is installed, and which repositories it may see there.
    Repositories,
    /// Pull requests.
    PullRequests,
    /// Whether pull requests conflict, of those whose base or head moved.
    Mergeability,
    /// Events that did not reach us.
    Deliveries,
    /// Teams, and who is in them.
    Teams,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 5] =
        [Self::Repositories, Self::PullRequests, Self::Mergeability, Self::Deliveries, Self::Teams];

    /// The word under which it is stored, and by which people know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Repositories => "repositories",
            Self::PullRequests => "pull requests",
            Self::Mergeability => "mergeability",
            Self::Deliveries => "deliveries",
            Self::Teams => "teams",
        }
    }
}

/// How the readings of a part fare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// When it was tried first.
    pub begun_at: DateTime<Utc>,
    /// When it was tried last.
    pub tried_at: DateTime<Utc>,
    /// When it was last read whole.
    pub read_at: Option<DateTime<Utc>>,
    /// The same moment by GitHub's clock.
    pub moment: Option<DateTime<Utc>>,
    /// How often it failed since.
    pub failures: i32,
    /// Why it failed last.
    pub error: Option<String>,
}

impl Reading {
    /// How a part fares; nothing where it was never tried.
    pub async fn of(db: impl PgExecutor<'_>, part: Part) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(
            Self,
            "select begun_at, tried_at, read_at, moment, failures, error from github.reading where part = $1",
            part.as_str()
        )
        .fetch_optional(db)
        .await
    }

    /// Notes that a part was read whole, at this moment by GitHub's clock.
    pub async fn good(db: impl PgExecutor<'_>, part: Part, moment: Option<DateTime<Utc>>) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into github.reading as r (part, tried_at, read_at, moment) values ($1, now(), now(), $2)
             on conflict (part) do update set tried_at = now(), read_at = now(), moment = coalesce(excluded.moment, r.moment),
                failures = 0, error = null",
            part.as_str(),
            moment
        )
        .execute(db)
        .await
        .map(|_| ())
    }

    /// Notes that a part could not be read.
    pub async fn bad(db: impl PgExecutor<'_>, part: Part, error: &str) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into github.reading as r (part, tried_at, failures, error) values ($1, now(), 1, $2)
             on conflict (part) do update set tried_at = now(), failures = r.failures + 1, error = excluded.error",
            part.as_str(),
            error
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}
