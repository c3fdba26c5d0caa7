//! What people asked PagerDuty, and GitHub, for through us: ordered where it is decided, carried out once by any replica.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::postgres::types::PgInterval;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// How long a replica may take before another one takes an errand over; longer than its calls may take.
pub const LEASE: Duration = Duration::from_secs(60);

/// What is to be done elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The word of the action.
    pub action: &'a str,
    /// PagerDuty's id of the incident or schedule, the reference of what is paged about, or GitHub's id of the pull request.
    pub target: &'a str,
    /// What is to be done, as it was shown.
    pub input: &'a Value,
    /// Who asked.
    pub person: Uuid,
    /// PagerDuty's user, by id and e-mail address, in whose name it is done.
    pub actor: Option<(&'a str, &'a str)>,
    /// In which request; each orders one errand at the most.
    pub request: Uuid,
    /// The number of its intent in the audit.
    pub receipt: i64,
}

impl Order<'_> {
    /// Orders it, within the transaction that decides it. The same request again orders nothing more.
    pub async fn place(&self, db: impl PgExecutor<'_>) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into incidents.errand (id, action, target, input, person_id, member_id, email, request_id, receipt)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict on constraint errand_request_key do nothing",
            Uuid::now_v7(),
            self.action,
            self.target,
            self.input,
            self.person,
            self.actor.map(|it| it.0),
            self.actor.map(|it| it.1),
            self.request,
            self.receipt
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

/// How far an errand has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is still to be done.
    Waiting,
    /// It was done.
    Done,
    /// It made no sense any more, or the answer was no; nothing was changed.
    Refused,
    /// It could not be done, or nobody knows whether it was.
    Failed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Done, Self::Refused, Self::Failed];

    /// The word under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// An errand that a replica has taken up.
#[derive(Clone, Debug, PartialEq)]
pub struct Errand {
    /// Its id.
    pub id: Uuid,
    /// The word of the action.
    pub action: String,
    /// What it is done to.
    pub target: String,
    /// What is to be done.
    pub input: Value,
    /// Who asked.
    pub person_id: Uuid,
    /// PagerDuty's user in whose name it is done, by id.
    pub member_id: Option<String>,
    /// By e-mail address.
    pub email: Option<String>,
    /// In which request.
    pub request_id: Uuid,
    /// The number of its intent in the audit.
    pub receipt: i64,
    /// When it was ordered.
    pub made_at: DateTime<Utc>,
    /// Since when it may have been done.
    pub sent_at: Option<DateTime<Utc>>,
    /// Shows that nobody else has taken it up since.
    pub fence: i64,
}

impl Errand {
    /// Takes up errands that wait: of each target the one that was ordered first, since the next depends on what comes of it.
    pub async fn claim(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "update incidents.errand set leased_until = now() + $1, fence = fence + 1
             where id in (
                select id from incidents.errand e
                where state = 'waiting' and due_at <= now() and (leased_until is null or leased_until < now())
                    and not exists (select from incidents.errand o
                        where o.state = 'waiting' and o.target = e.target and o.id < e.id)
                order by id limit $2 for update skip locked
             )
             returning id, action, target, input, person_id, member_id, email, request_id, receipt, made_at, sent_at, fence",
            interval(LEASE),
            limit
        )
        .fetch_all(db)
        .await
    }

    /// Says, before anything is sent, that it may have been done from now on; false when another replica has it.
    pub async fn sending(&self, db: impl PgExecutor<'_>) -> sqlx::Result<bool> {
        let held = sqlx::query!(
            "update incidents.errand set sent_at = clock_timestamp()
             where id = $1 and fence = $2 and state = 'waiting' and leased_until > clock_timestamp()",
            self.id,
            self.fence
        );
        Ok(held.execute(db).await?.rows_affected() == 1)
    }

    /// How many others like it, of the same user and target and with the same words, were sent since a moment, of whole seconds, and done.
    pub async fn done_since(&self, db: impl PgExecutor<'_>, since: DateTime<Utc>) -> sqlx::Result<i64> {
        sqlx::query_scalar!(
            r#"select count(*) as "count!" from incidents.errand
             where target = $1 and action = $2 and member_id = $3 and id <> $4 and state = 'done'
                and date_trunc('second', sent_at) >= $5 and input ->> 'note' is not distinct from $6"#,
            self.target,
            self.action,
            self.member_id,
            self.id,
            since,
            self.input["note"].as_str()
        )
        .fetch_one(db)
        .await
    }

    /// Gives it back, to be taken up again after a while; `unsent`: it surely was not done.
    pub async fn later(&self, db: impl PgExecutor<'_>, wait: Duration, unsent: bool) -> sqlx::Result<()> {
        sqlx::query!(
            "update incidents.errand set leased_until = null, due_at = now() + $3,
                sent_at = case when $4 then null else sent_at end
             where id = $1 and fence = $2 and state = 'waiting'",
            self.id,
            self.fence,
            interval(wait),
            unsent
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// Writes down how it ended, within the caller's transaction; whether somebody still waits for the answer, or nothing
    /// where another replica has it.
    pub async fn end(&self, db: &mut PgConnection, state: State, outcome: &Value) -> sqlx::Result<Option<bool>> {
        sqlx::query_scalar!(
            r#"update incidents.errand set state = $3, outcome = $4, ended_at = clock_timestamp(), leased_until = null
             where id = $1 and fence = $2 and state = 'waiting' returning left_at is null as "awaited!""#,
            self.id,
            self.fence,
            state.as_str(),
            outcome
        )
        .fetch_optional(db)
        .await
    }

    /// What came of the errand of a request: nothing where there is none, no outcome while it waits.
    pub async fn outcome(db: impl PgExecutor<'_>, request: Uuid) -> sqlx::Result<Option<Option<(State, Value)>>> {
        let row = sqlx::query!("select state, outcome from incidents.errand where request_id = $1", request);
        let row = row.fetch_optional(db).await?;
        Ok(row.map(|it| {
            let state = State::ALL.into_iter().find(|state| state.as_str() == it.state)?;
            (state != State::Waiting).then(|| (state, it.outcome.unwrap_or_default()))
        }))
    }

    /// Says that nobody waits for its answer any more; with the word of its action, or nothing when it has ended.
    pub async fn leave(db: impl PgExecutor<'_>, request: Uuid) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar!(
            "update incidents.errand set left_at = now() where request_id = $1 and state = 'waiting' returning action",
            request
        )
        .fetch_optional(db)
        .await
    }

    /// Forgets errands that ended before this moment; the audit keeps them.
    pub async fn forget(db: impl PgExecutor<'_>, before: DateTime<Utc>) -> sqlx::Result<u64> {
        let forgotten = sqlx::query!(
            "delete from incidents.errand where id in (
                select id from incidents.errand where ended_at < $1 limit 10000)",
            before
        );
        Ok(forgotten.execute(db).await?.rows_affected())
    }
}

fn interval(it: Duration) -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(it.as_micros()).unwrap_or(i64::MAX) }
}
