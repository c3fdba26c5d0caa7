use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// What is read of PagerDuty at a time, and its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Its services.
    Services,
    /// Incidents.
    Incidents,
    /// What happened to incidents.
    Logs,
    /// Who can be asked.
    Members,
    /// Escalation policies with their levels.
    Policies,
    /// Schedules.
    Schedules,
    /// Who is on call when.
    Shifts,
    /// Who takes over from whom.
    Overrides,
    /// The events that it sends by itself.
    Feed,
}

impl Part {
    /// What is read, in this order: what hurries most first.
    pub const READ: [Self; 8] = [
        Self::Services,
        Self::Incidents,
        Self::Logs,
        Self::Shifts,
        Self::Policies,
        Self::Schedules,
        Self::Members,
        Self::Overrides,
    ];

    /// The word under which it is stored, and by which people know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Incidents => "incidents",
            Self::Logs => "logs",
            Self::Members => "users",
            Self::Policies => "policies",
            Self::Schedules => "schedules",
            Self::Shifts => "shifts",
            Self::Overrides => "overrides",
            Self::Feed => "feed",
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
    /// When it was last read whole; of the events, when one last came.
    pub read_at: Option<DateTime<Utc>>,
    /// The same moment by PagerDuty's clock.
    pub moment: Option<DateTime<Utc>>,
    /// How often it failed since.
    pub failures: i32,
    /// Why it failed last.
    pub error: Option<String>,
    /// Last heard before the silence that people were told of and that lasts.
    pub silent_since: Option<DateTime<Utc>>,
}

impl Reading {
    /// How a part fares; nothing where it was never tried.
    pub async fn of(db: impl PgExecutor<'_>, part: Part) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(
            Self,
            "select begun_at, tried_at, read_at, moment, failures, error, silent_since from incidents.reading where part = $1",
            part.as_str()
        )
        .fetch_optional(db)
        .await
    }

    /// When it was last read whole, or tried first where it never was.
    pub fn known_since(&self) -> DateTime<Utc> {
        self.read_at.unwrap_or(self.begun_at)
    }

    /// Notes that a part was read whole, at this moment by PagerDuty's clock, or that an event came; how it fared before.
    pub async fn good(
        db: impl PgExecutor<'_>,
        part: Part,
        at: DateTime<Utc>,
        moment: Option<DateTime<Utc>>,
    ) -> sqlx::Result<Option<DateTime<Utc>>> {
        // What the statement returns of the row before it is what its own snapshot still shows.
        let before = sqlx::query_scalar!(
            "with before as (select silent_since from incidents.reading where part = $1)
             insert into incidents.reading as r (part, tried_at, read_at, moment) values ($1, now(), $2, $3)
             on conflict (part) do update set tried_at = now(), read_at = greatest(r.read_at, excluded.read_at),
                moment = coalesce(excluded.moment, r.moment), failures = 0, error = null, silent_since = null
             returning (select silent_since from before)",
            part.as_str(),
            at,
            moment
        );
        before.fetch_one(db).await
    }

    /// Notes that a part could not be read, or that no event came; how it fares now.
    pub async fn bad(db: impl PgExecutor<'_>, part: Part, error: &str) -> sqlx::Result<Self> {
        sqlx::query_as!(
            Self,
            "insert into incidents.reading as r (part, tried_at, failures, error) values ($1, now(), 1, $2)
             on conflict (part) do update set tried_at = now(), failures = r.failures + 1, error = excluded.error
             returning begun_at, tried_at, read_at, moment, failures, error, silent_since",
            part.as_str(),
            error
        )
        .fetch_one(db)
        .await
    }

    /// Notes that people are told of a silence since this moment; false where they were.
    pub async fn silence(db: impl PgExecutor<'_>, part: Part, since: DateTime<Utc>) -> sqlx::Result<bool> {
        let noted = sqlx::query!(
            "update incidents.reading set silent_since = $2 where part = $1 and silent_since is null",
            part.as_str(),
            since
        );
        Ok(noted.execute(db).await?.rows_affected() > 0)
    }

    /// Starts a part's life, where it has none, so that a silence from the start has a beginning.
    pub async fn begin(db: impl PgExecutor<'_>, part: Part) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into incidents.reading (part, tried_at, read_at) values ($1, now(), null) on conflict do nothing",
            part.as_str()
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
