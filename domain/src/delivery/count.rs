use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::{Source, State};

/// Counting stops here, so that looking costs the same however much there is.
pub const MAX_COUNT: i64 = 100_000;

/// How many events of a sender are in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Who sent them.
    pub source: String,
    /// How far they have come.
    pub state: String,
    /// How many, [`MAX_COUNT`] at the most.
    pub count: i64,
    /// When the oldest came.
    pub oldest: DateTime<Utc>,
}

/// Events by sender and state: all that still need somebody, and of the others those since this moment.
pub async fn counts(db: impl PgExecutor<'_>, since: DateTime<Utc>) -> sqlx::Result<Vec<Count>> {
    let sources: Vec<String> = Source::ALL.iter().map(|it| it.as_str().into()).collect();
    let [open, done] = [true, false].map(|open| {
        let states = State::ALL.into_iter().filter(|it| it.open() == open);
        states.map(|it| it.as_str().to_string()).collect::<Vec<_>>()
    });
    sqlx::query_as!(
        Count,
        r#"select source.it as "source!", state.it as "state!", found.count as "count!", found.oldest as "oldest!"
           from unnest($1::text[]) source (it) cross join unnest($2::text[]) state (it)
           cross join lateral (
                select count(*), min(received_at) as oldest from (
                    select received_at from inbox.delivery d
                    where d.source = source.it and d.state = state.it and d.state in ('pending', 'unparsed', 'dead')
                    order by received_at limit $5
                ) open
           ) found
           where found.count > 0
           union all
           select source, state, count(*), min(received_at) from (
                select source, state, received_at from inbox.delivery
                where received_at >= $4 and state = any($3) limit $5
           ) done
           group by source, state
           order by 1, 2"#,
        &sources,
        &open,
        &done,
        since,
        MAX_COUNT
    )
    .fetch_all(db)
    .await
}
