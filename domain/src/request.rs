//! Requests that act: recorded before they are acknowledged, done once, finished by any replica after a crash.

use std::time::Duration;

use sqlx::PgExecutor;
use sqlx::postgres::types::PgInterval;
use uuid::Uuid;

/// How long a replica may take before another one takes over.
pub const LEASE: Duration = Duration::from_secs(30);

/// A request that acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Our id of it.
    pub id: Uuid,
    /// The word of the platform it came from.
    pub platform: String,
    /// The workspace or organisation it came from.
    pub tenant: String,
    /// The platform's id of who asked.
    pub account: String,
    /// The command as typed.
    pub command: String,
    /// Whether the answer goes to the whole channel.
    pub shares: bool,
    /// Whether the answer may take the place of the message that was pressed.
    pub in_place: bool,
    /// Where the answer goes.
    pub respond_to: String,
    /// The channel in which it was asked, as the front door keeps it.
    pub place: Option<String>,
}

impl Request {
    /// Records a request under the platform's id for it; false when it was recorded before.
    pub async fn record(&self, db: impl PgExecutor<'_>, external_id: &str) -> sqlx::Result<bool> {
        let inserted = sqlx::query!(
            "insert into auth.request
                (id, platform, external_id, tenant, account, command, shares, in_place, respond_to, leased_until,
                place)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10, $11)
             on conflict on constraint request_external_key do nothing",
            self.id,
            self.platform,
            external_id,
            self.tenant,
            self.account,
            self.command,
            self.shares,
            self.in_place,
            self.respond_to,
            lease(),
            self.place
        );
        Ok(inserted.execute(db).await?.rows_affected() == 1)
    }

    /// Notes that a request came which is answered on the spot, so that nobody need finish it; false when it came before.
    pub async fn note(&self, db: impl PgExecutor<'_>, external_id: &str) -> sqlx::Result<bool> {
        let inserted = sqlx::query!(
            "insert into auth.request (id, platform, external_id, tenant, account, command, shares, in_place, respond_to,
                leased_until, finished_at, outcome)
             values ($1, $2, $3, $4, $5, '', false, false, '', now(), now(), 'ok')
             on conflict on constraint request_external_key do nothing",
            self.id,
            self.platform,
            external_id,
            self.tenant,
            self.account
        );
        Ok(inserted.execute(db).await?.rows_affected() == 1)
    }

    /// Takes over requests whose replica let the lease run out, as long as their answer is still welcome.
    pub async fn take_over(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "update auth.request set leased_until = now() + $1, attempts = attempts + 1
             where id in (
                select id from auth.request
                where finished_at is null and leased_until < now() and received_at > now() - interval '30 minutes'
                order by received_at limit 16 for update skip locked
             )
             returning id, platform, tenant, account, command, shares, in_place, respond_to, place",
            lease()
        )
        .fetch_all(db)
        .await
    }

    /// Gives up requests whose answer nobody takes any more, and forgets those that are a week old.
    ///
    /// Slack's response URLs end after 30 minutes:
    /// <https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses>
    pub async fn give_up(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Uuid>> {
        sqlx::query_scalar!(
            "with old as (delete from auth.request where received_at < now() - interval '7 days')
             update auth.request set finished_at = now(), outcome = 'given up', respond_to = ''
             where finished_at is null and leased_until < now()
                and received_at between now() - interval '7 days' and now() - interval '30 minutes'
             returning id"
        )
        .fetch_all(db)
        .await
    }

    /// Forgets requests that came more than a week ago; how many there were.
    pub async fn forget(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
        let forgotten = sqlx::query!(
            "delete from auth.request where id in (
                select id from auth.request where received_at < now() - interval '7 days' limit 10000)"
        );
        Ok(forgotten.execute(db).await?.rows_affected())
    }

    /// Says that the request is done, and forgets where its answer went.
    pub async fn finish(db: impl PgExecutor<'_>, id: Uuid, outcome: &str) -> sqlx::Result<()> {
        sqlx::query!(
            "update auth.request set finished_at = now(), outcome = $2, respond_to = '' where id = $1",
            id,
            outcome
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

fn lease() -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(LEASE.as_micros()).unwrap_or(i64::MAX) }
}
