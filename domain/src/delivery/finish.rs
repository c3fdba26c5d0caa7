use std::time::Duration;

use sqlx::PgExecutor;
use uuid::Uuid;

use super::{Claim, State};

/// How an event ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Our id of it.
    pub id: Uuid,
    /// How far it has come.
    pub state: State,
    /// Why no further.
    pub error: Option<String>,
}

/// Records how events ended, in the transaction that applied them and holds them locked.
pub async fn finish(db: impl PgExecutor<'_>, outcomes: &[Outcome]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = outcomes.iter().map(|it| it.id).collect();
    let states: Vec<&str> = outcomes.iter().map(|it| it.state.as_str()).collect();
    let errors: Vec<Option<&str>> = outcomes.iter().map(|it| it.error.as_deref()).collect();
    sqlx::query!(
        "update inbox.delivery d set state = outcome.state, error = outcome.error, leased_until = null
         from unnest($1::uuid[], $2::text[], $3::text[]) outcome (id, state, error)
         -- Said twice, so that these rows are looked up, whatever the planner believes of the table.
         where d.id = any($1) and d.id = outcome.id",
        &ids,
        &states as &[&str],
        &errors as &[Option<&str>]
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Records that applying an event failed: it is tried again after this long, or set aside where there is no next time. Does
/// nothing, and says so, where somebody else has claimed it since.
pub async fn fail(db: impl PgExecutor<'_>, claim: &Claim, error: &str, again: Option<Duration>) -> sqlx::Result<bool> {
    let failed = sqlx::query!(
        "update inbox.delivery set error = $3, leased_until = null,
            state = case when $4::float8 is null then 'dead' else state end,
            due_at = now() + make_interval(secs => coalesce($4, 0))
         where id = $1 and token = $2 and state = 'pending'",
        claim.id,
        claim.token,
        error,
        again.map(|it| it.as_secs_f64())
    );
    Ok(failed.execute(db).await?.rows_affected() == 1)
}

/// Gives back what was claimed and is not to count as tried; to be claimed again after this long, where that is said.
pub async fn release(db: impl PgExecutor<'_>, claims: &[&Claim], after: Option<Duration>) -> sqlx::Result<()> {
    let (ids, tokens): (Vec<Uuid>, Vec<i64>) = claims.iter().map(|it| (it.id, it.token)).unzip();
    sqlx::query!(
        "update inbox.delivery d set leased_until = null, attempts = d.attempts - 1,
            due_at = coalesce(now() + make_interval(secs => $3), d.due_at)
         from unnest($1::uuid[], $2::bigint[]) it (id, token)
         where d.id = any($1) and d.id = it.id and d.token = it.token and d.state = 'pending'",
        &ids,
        &tokens,
        after.map(|it| it.as_secs_f64())
    )
    .execute(db)
    .await
    .map(|_| ())
}
