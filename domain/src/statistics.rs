//! How much there is.

use sqlx::PgExecutor;

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// People who are here.
    pub people: i64,
    /// Those of them whom the directory disabled.
    pub disabled: i64,
    /// Groups.
    pub groups: i64,
    /// Direct memberships, of people and of groups in groups.
    pub memberships: i64,
    /// Entities of the catalog, besides people and groups.
    pub entities: i64,
    /// Entities whose source no longer has them.
    pub orphans: i64,
    /// Entities whose owner is nobody we know.
    pub unowned: i64,
}

impl Statistics {
    /// Counts.
    pub async fn count(db: impl PgExecutor<'_>) -> sqlx::Result<Self> {
        sqlx::query_as!(
            Self,
            r#"select
                (select count(*) from org.person where left_at is null) as "people!",
                (select count(*) from org.person where left_at is null and disabled) as "disabled!",
                (select count(*) from org."group" where left_at is null) as "groups!",
                (select count(*) from org.membership) + (select count(*) from org.nesting) as "memberships!",
                (select count(*) from catalog.entity
                    where kind not in ('User', 'Group') or namespace <> 'default') as "entities!",
                (select count(*) from catalog.entity where orphaned_at is not null) as "orphans!",
                (select count(*) from catalog.entity e where owner is not null
                    and not exists (select from catalog.subject s where s.ref = e.owner)) as "unowned!""#
        )
        .fetch_one(db)
        .await
    }

    /// Counts the entities whose owner is nobody we know.
    pub async fn unowned(db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
        sqlx::query_scalar!(
            r#"select count(*) as "count!" from catalog.entity e where owner is not null
                and not exists (select from catalog.subject s where s.ref = e.owner)"#
        )
        .fetch_one(db)
        .await
    }
}
