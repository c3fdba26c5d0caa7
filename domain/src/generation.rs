//! How often what is known has changed.

use sqlx::PgExecutor;

/// A state of everything that is known; where two agree in a number, that area holds the same. Read it before what it
/// stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generation {
    /// Of entities and relations.
    pub catalog: i64,
    /// Of people, groups and memberships.
    pub org: i64,
    /// Of accounts and tokens.
    pub auth: i64,
}

impl Generation {
    /// The state that holds now.
    pub async fn now(db: impl PgExecutor<'_>) -> sqlx::Result<Self> {
        let numbers = sqlx::query_scalar!(r#"select array_agg(number order by area) as "it!" from catalog.generation"#);
        match numbers.fetch_one(db).await?[..] {
            [auth, catalog, org] => Ok(Self { catalog, org, auth }),
            _ => Err(sqlx::Error::RowNotFound),
        }
    }
}
