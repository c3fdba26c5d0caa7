//! Groups, as the directory last told them.

use sqlx::PgExecutor;
use uuid::Uuid;

use crate::subject::Subject;

/// A group of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Id in the directory.
    pub id: Uuid,
    /// Entity name, unique among those that are here.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// What kind of group it is, such as `team`.
    pub kind: String,
    /// What the directory says of it.
    pub description: Option<String>,
}

/// A person in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Entity name.
    pub name: String,
    /// What people call them.
    pub display_name: String,
    /// What they do.
    pub title: Option<String>,
    /// Whether the directory has disabled them.
    pub disabled: bool,
}

impl Group {
    /// The group with this entity name, in any case.
    pub async fn named(db: impl PgExecutor<'_>, name: &str) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(
            Self,
            r#"select id, name, display_name, email, kind, description
             from org."group" where ref = 'group:default/' || lower($1) and left_at is null"#,
            name
        )
        .fetch_optional(db)
        .await
    }

    /// The people directly in the group, by name, with how many there are in all.
    pub async fn members(&self, db: impl PgExecutor<'_>, limit: i64, offset: i64) -> sqlx::Result<(Vec<Member>, i64)> {
        let rows = sqlx::query!(
            r#"select p.name, p.display_name, p.title, p.disabled, count(*) over () as "total!"
             from org.membership m join org.person p on p.id = m.person_id and p.left_at is null
             where m.group_id = $1
             order by p.disabled, lower(p.display_name), p.ref limit $2 offset $3"#,
            self.id,
            limit,
            offset
        )
        .fetch_all(db)
        .await?;
        let total = rows.first().map_or(0, |it| it.total);
        let members = rows.into_iter().map(|it| Member {
            name: it.name,
            display_name: it.display_name,
            title: it.title,
            disabled: it.disabled,
        });
        Ok((members.collect(), total))
    }

    /// How many people are in the group or in any group below it, each counted once.
    pub async fn headcount(&self, db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
        sqlx::query_scalar!(
            r#"with recursive below as (
                select $1::uuid as id
                union
                select nesting.child_id from org.nesting join below on nesting.parent_id = below.id
            )
            select count(distinct m.person_id) as "count!" from org.membership m join below on below.id = m.group_id"#,
            self.id
        )
        .fetch_one(db)
        .await
    }

    /// The people in the group or in any group below it whom the directory has not disabled, each once.
    pub async fn enabled(&self, db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Uuid>> {
        sqlx::query_scalar!(
            "with recursive below as (
                select $1::uuid as id
                union
                select nesting.child_id from org.nesting join below on nesting.parent_id = below.id
            )
            select p.id from org.person p where p.left_at is null and not p.disabled and exists (
                select from org.membership m join below on below.id = m.group_id where m.person_id = p.id
            ) order by p.id",
            self.id
        )
        .fetch_all(db)
        .await
    }

    /// The groups that contain this one directly, by name.
    pub async fn parents(&self, db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Subject>> {
        sqlx::query!(
            r#"select g.ref as "reference!", g.name, g.display_name, g.kind
             from org.nesting n join org."group" g on g.id = n.parent_id and g.left_at is null
             where n.child_id = $1 order by lower(g.display_name), g.ref"#,
            self.id
        )
        .map(|it| Subject::group(&it.reference, &it.name, &it.display_name, &it.kind))
        .fetch_all(db)
        .await
    }

    /// The groups directly within this one, by name.
    pub async fn children(&self, db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Subject>> {
        sqlx::query!(
            r#"select g.ref as "reference!", g.name, g.display_name, g.kind
             from org.nesting n join org."group" g on g.id = n.child_id and g.left_at is null
             where n.parent_id = $1 order by lower(g.display_name), g.ref"#,
            self.id
        )
        .map(|it| Subject::group(&it.reference, &it.name, &it.display_name, &it.kind))
        .fetch_all(db)
        .await
    }
}
