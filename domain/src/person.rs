//! People, as the directory last told them.

use sqlx::PgExecutor;
use uuid::Uuid;

use crate::subject::Subject;

/// A person of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Id in the directory.
    pub id: Uuid,
    /// Entity name, unique among those who are here.
    pub name: String,
    /// What people call them.
    pub display_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// What they do.
    pub title: Option<String>,
    /// What the directory says of them.
    pub description: Option<String>,
    /// Whether the directory has disabled them: they may not do anything.
    pub disabled: bool,
}

impl Person {
    /// The person with this entity name, in any case.
    pub async fn named(db: impl PgExecutor<'_>, name: &str) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, display_name, email, title, description, disabled
             from org.person where ref = 'user:default/' || lower($1) and left_at is null",
            name
        )
        .fetch_optional(db)
        .await
    }

    /// The person with this directory id, unless they left.
    pub async fn with_id(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, display_name, email, title, description, disabled
             from org.person where id = $1 and left_at is null",
            id
        )
        .fetch_optional(db)
        .await
    }

    /// The people with these directory ids, but for those who left.
    pub async fn with_ids(db: impl PgExecutor<'_>, ids: &[Uuid]) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, display_name, email, title, description, disabled
             from org.person where id = any($1) and left_at is null order by name",
            ids
        )
        .fetch_all(db)
        .await
    }

    /// Everybody with this e-mail address, in any case; more than one proves nothing about either.
    pub async fn with_email(db: impl PgExecutor<'_>, email: &str) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, display_name, email, title, description, disabled
             from org.person where lower(email) = lower($1) and left_at is null limit 2",
            email
        )
        .fetch_all(db)
        .await
    }

    /// The groups that the person is in, the direct ones first, then those that contain them, each once.
    pub async fn groups(&self, db: impl PgExecutor<'_>) -> sqlx::Result<Vec<(Subject, bool)>> {
        sqlx::query!(
            r#"with recursive within as (
                select group_id as id, true as direct from org.membership where person_id = $1
                union
                select nesting.parent_id, false from org.nesting join within on nesting.child_id = within.id
            ), nearest as (
                select id, bool_or(direct) as direct from within group by id
            )
            select g.ref as "reference!", g.name, g.display_name, g.kind, nearest.direct as "direct!"
            from nearest join org."group" g on g.id = nearest.id and g.left_at is null
            order by nearest.direct desc, lower(g.display_name), g.ref"#,
            self.id
        )
        .map(|it| (Subject::group(&it.reference, &it.name, &it.display_name, &it.kind), it.direct))
        .fetch_all(db)
        .await
    }
}
