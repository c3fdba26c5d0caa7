//! Entities of the catalog.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use sqlx::types::Json;

use crate::document::Document;

/// An entity with where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Canonical reference.
    pub reference: String,
    /// What its file says.
    pub document: Document,
    /// Where its file is, such as `file:catalog/payments.yaml`.
    pub location: String,
    /// The line in it at which the document begins, from 1.
    pub line: i32,
    /// Since when its source no longer has it.
    pub orphaned_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Entity {
    /// The entity with this canonical reference; people and groups are there only where a file annotates them.
    pub async fn with_reference(db: impl PgExecutor<'_>, reference: &str) -> sqlx::Result<Option<Self>> {
        Ok(Self::with_references(db, &[reference.to_string()]).await?.pop())
    }

    /// The entities with these canonical references, in no order.
    pub async fn with_references(db: impl PgExecutor<'_>, references: &[String]) -> sqlx::Result<Vec<Self>> {
        let rows = sqlx::query!(
            r#"select ref, document as "document: Json<Document>", location, line, orphaned_at, updated_at
             from catalog.entity where ref = any($1)"#,
            references
        );
        let entities = rows.map(|it| Self {
            reference: it.r#ref,
            document: it.document.0,
            location: it.location,
            line: it.line,
            orphaned_at: it.orphaned_at,
            updated_at: it.updated_at,
        });
        entities.fetch_all(db).await
    }

    /// References of the entities with each of these folded names, in any namespace, those most looked for first.
    pub async fn named(db: impl PgExecutor<'_>, names: &[String]) -> sqlx::Result<HashMap<String, Vec<String>>> {
        let rows = sqlx::query!(
            r#"select t.folded, e.ref from catalog.term t join catalog.entity e on e.ref = t.ref
             where t.folded = any($1) and t.field = 'name'
             order by array_position(array['Component', 'System', 'API', 'Resource', 'Domain'], e.kind) nulls last, e.ref"#,
            names
        );
        let mut named: HashMap<String, Vec<String>> = HashMap::new();
        for it in rows.fetch_all(db).await? {
            named.entry(it.folded).or_default().push(it.r#ref);
        }
        Ok(named)
    }

    /// The first of those that one of these owners has, although we know none of them, and how many those are.
    pub async fn left_behind(
        db: impl PgExecutor<'_>,
        owners: &[String],
        limit: i64,
    ) -> sqlx::Result<(Vec<String>, i64)> {
        let rows = sqlx::query!(
            r#"select ref, count(*) over () as "total!" from catalog.entity e
             where owner = any($1) and not exists (select from catalog.subject s where s.ref = e.owner)
             order by ref limit $2"#,
            owners,
            limit
        );
        let rows = rows.fetch_all(db).await?;
        let total = rows.first().map_or(0, |it| it.total);
        Ok((rows.into_iter().map(|it| it.r#ref).collect(), total))
    }

    /// Those that their source no longer has, the latest first.
    pub async fn orphans(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<(String, DateTime<Utc>)>> {
        sqlx::query!(
            r#"select ref, orphaned_at as "since!" from catalog.entity
             where orphaned_at is not null order by orphaned_at desc, ref limit $1"#,
            limit
        )
        .map(|it| (it.r#ref, it.since))
        .fetch_all(db)
        .await
    }
}
