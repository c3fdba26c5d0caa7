//! How often what is known has changed.

use sqlx::PgExecutor;

/// A state of people, groups, entities and relations; two that are equal hold the same. Read it before what it stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generation(Vec<i64>);

impl Generation {
    /// The state that holds now.
    pub async fn now(db: impl PgExecutor<'_>) -> sqlx::Result<Self> {
        let numbers = sqlx::query_scalar!(r#"select array_agg(number order by area) as "it!" from catalog.generation"#);
        Ok(Self(numbers.fetch_one(db).await?))
    }
}
