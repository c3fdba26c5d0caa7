//! Anything that has a reference, in the few words that a list shows of it.

use sqlx::PgExecutor;

/// An entity, person or group in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Canonical reference.
    pub reference: String,
    /// Kind as written, such as `Component`.
    pub kind: String,
    /// Entity name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is, in a sentence; a person's is what they do.
    pub description: Option<String>,
    /// Type within the kind, such as `service` or `team`.
    pub type_: Option<String>,
    /// Canonical reference of the owner.
    pub owner: Option<String>,
    /// Whether its source no longer has it.
    pub orphaned: bool,
}

impl Subject {
    /// A group in a list.
    pub fn group(reference: &str, name: &str, title: &str, type_: &str) -> Self {
        Self::bare(reference, "Group", name, title, Some(type_))
    }

    /// A person in a list.
    pub fn person(reference: &str, name: &str, title: &str) -> Self {
        Self::bare(reference, "User", name, title, None)
    }

    fn bare(reference: &str, kind: &str, name: &str, title: &str, type_: Option<&str>) -> Self {
        Self {
            reference: reference.into(),
            kind: kind.into(),
            name: name.into(),
            title: title.into(),
            description: None,
            type_: type_.map(String::from),
            owner: None,
            orphaned: false,
        }
    }

    /// The subject of each of these references; one that nobody has is missing.
    pub async fn of(db: impl PgExecutor<'_>, references: &[String]) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select ref as "reference!", kind as "kind!", name as "name!", title as "title!", description,
                type as type_, owner, orphaned_at is not null as "orphaned!"
             from catalog.subject where ref = any($1)"#,
            references
        )
        .fetch_all(db)
        .await
    }

    /// How many entities these owners own.
    pub async fn owned_count(db: impl PgExecutor<'_>, owners: &[String]) -> sqlx::Result<i64> {
        sqlx::query_scalar!(r#"select count(*) as "count!" from catalog.entity where owner = any($1)"#, owners)
            .fetch_one(db)
            .await
    }

    /// What these owners own, by kind and name, with how many there are in all.
    pub async fn owned_by(
        db: impl PgExecutor<'_>,
        owners: &[String],
        limit: i64,
        offset: i64,
    ) -> sqlx::Result<(Vec<Self>, i64)> {
        let rows = sqlx::query!(
            r#"select ref, kind, name, coalesce(title, name) as "title!", description, type, owner, orphaned_at,
                count(*) over () as "total!"
             from catalog.entity where owner = any($1)
             order by array_position(array['Domain', 'System', 'Component', 'API', 'Resource'], kind), lower(name), ref
             limit $2 offset $3"#,
            owners,
            limit,
            offset
        )
        .fetch_all(db)
        .await?;
        let total = rows.first().map_or(0, |it| it.total);
        let subjects = rows.into_iter().map(|it| Self {
            reference: it.r#ref,
            kind: it.kind,
            name: it.name,
            title: it.title,
            description: it.description,
            type_: it.r#type,
            owner: it.owner,
            orphaned: it.orphaned_at.is_some(),
        });
        Ok((subjects.collect(), total))
    }
}
