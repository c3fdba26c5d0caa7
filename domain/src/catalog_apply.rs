//! Writing a plan of the catalog, in the transaction of the caller.

use sqlx::PgConnection;
use sqlx::types::Json;

use crate::catalog_plan::{CatalogPlan, Seen, StoredCatalog, StoredEntity};
use crate::document::{Document, annotation};
use crate::problem::Problem;
use crate::run::Source;
use crate::term::{self, Term};

/// Number of the lock that lets one reading in at a time; the number itself means nothing.
const LOCK: i64 = 0x6361_7461_6c6f_6701;

/// Reads what is stored of a source, and keeps other readings out until the transaction ends.
pub async fn stored(db: &mut PgConnection, source: Source) -> sqlx::Result<StoredCatalog> {
    sqlx::query!("select pg_advisory_xact_lock($1)", LOCK).execute(&mut *db).await?;
    let entities = sqlx::query!(
        "select ref, digest, location, orphaned_at from catalog.entity where source = $1",
        source.as_str()
    )
    .map(|it| (it.r#ref, StoredEntity { digest: it.digest, location: it.location, orphaned_at: it.orphaned_at }))
    .fetch_all(&mut *db)
    .await?;
    let org = sqlx::query_scalar!(
        r#"select ref as "ref!" from org.person where left_at is null
         union all select ref from org."group" where left_at is null"#
    );
    let org = org.fetch_all(db).await?;
    Ok(StoredCatalog { entities: entities.into_iter().collect(), org: org.into_iter().collect() })
}

/// Writes the plan: only what changed.
pub async fn apply(db: &mut PgConnection, source: Source, plan: &CatalogPlan) -> sqlx::Result<()> {
    Problem::replace(db, source.as_str(), &plan.problems).await?;
    // Even a statement that changes no row would tell everybody who keeps copies that something has changed.
    if plan.changes() == 0 {
        return Ok(());
    }
    write_entities(db, source, &plan.written).await?;
    write_relations(db, &plan.written).await?;
    sqlx::query!("update catalog.entity set orphaned_at = now() where ref = any($1)", &plan.vanished)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from catalog.entity where ref = any($1)", &plan.removed).execute(&mut *db).await?;
    sqlx::query!("delete from catalog.term where ref = any($1)", &plan.removed).execute(&mut *db).await?;
    let own: Vec<&Document> = plan.written.iter().map(|it| &it.document).filter(|it| !it.is_of_directory()).collect();
    let references: Vec<String> = own.iter().map(|it| it.reference.to_string()).collect();
    let terms: Vec<Term> = own.iter().flat_map(|it| terms(it)).collect();
    if references.is_empty() { Ok(()) } else { term::replace(db, &references, &terms).await }
}

async fn write_entities(db: &mut PgConnection, source: Source, seen: &[Seen]) -> sqlx::Result<()> {
    if seen.is_empty() {
        return Ok(());
    }
    let text = |of: fn(&Seen) -> String| -> Vec<String> { seen.iter().map(of).collect() };
    let optional = |of: fn(&Seen) -> Option<String>| -> Vec<Option<String>> { seen.iter().map(of).collect() };
    let documents: Vec<Json<&Document>> = seen.iter().map(|it| Json(&it.document)).collect();
    let lines: Vec<i32> = seen.iter().map(|it| i32::try_from(it.line).unwrap_or(i32::MAX)).collect();
    let digests: Vec<Vec<u8>> = seen.iter().map(Seen::digest).collect();
    sqlx::query!(
        "insert into catalog.entity (ref, kind, namespace, name, title, description, type, lifecycle, owner, document,
            source, location, line, digest)
         select ref, kind, namespace, name, title, description, type, lifecycle, owner, document, $14, location, line, digest
         from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::jsonb[], $11::text[], $12::int[], $13::bytea[])
            as it (ref, kind, namespace, name, title, description, type, lifecycle, owner, document, location, line, digest)
         on conflict (ref) do update set kind = excluded.kind, namespace = excluded.namespace, name = excluded.name,
            title = excluded.title, description = excluded.description, type = excluded.type,
            lifecycle = excluded.lifecycle, owner = excluded.owner, document = excluded.document,
            source = excluded.source, location = excluded.location, line = excluded.line, digest = excluded.digest,
            orphaned_at = null, updated_at = now()",
        &text(|it| it.document.reference.to_string()),
        &text(|it| it.document.kind.as_str().into()),
        &text(|it| it.document.metadata.namespace.clone()),
        &text(|it| it.document.metadata.name.clone()),
        &optional(|it| it.document.metadata.title.clone()) as &[Option<String>],
        &optional(|it| it.document.metadata.description.clone()) as &[Option<String>],
        &optional(|it| it.document.entity_type().map(String::from)) as &[Option<String>],
        &optional(|it| it.document.lifecycle().map(String::from)) as &[Option<String>],
        &optional(|it| it.document.owner().map(|it| it.to_string())) as &[Option<String>],
        &documents as &[Json<&Document>],
        &text(|it| it.location.clone()),
        &lines,
        &digests,
        source.as_str()
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn write_relations(db: &mut PgConnection, seen: &[Seen]) -> sqlx::Result<()> {
    let origins: Vec<String> = seen.iter().map(|it| it.document.reference.to_string()).collect();
    sqlx::query!("delete from catalog.relation where origin = any($1)", &origins).execute(&mut *db).await?;
    let (mut sources, mut types, mut targets, mut by) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for document in seen.iter().map(|it| &it.document).filter(|it| !it.is_of_directory()) {
        for relation in document.relations() {
            sources.push(relation.source.to_string());
            types.push(relation.kind.as_str().to_string());
            targets.push(relation.target.to_string());
            by.push(document.reference.to_string());
        }
    }
    sqlx::query!(
        "insert into catalog.relation (source, type, target, origin)
         select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) on conflict do nothing",
        &sources,
        &types,
        &targets,
        &by
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What search finds an entity by.
fn terms(document: &Document) -> Vec<Term> {
    let reference = document.reference.to_string();
    let metadata = &document.metadata;
    let term = |field, value: &str, weight| Term::new(&reference, field, value, weight);
    let mut terms = vec![term("name", &metadata.name, 8)];
    terms.extend(metadata.title.iter().map(|it| term("title", it, 7)));
    terms.extend(metadata.tags.iter().map(|it| term("tag", it, 3)));
    terms.extend(document.annotation(annotation::GITHUB_PROJECT_SLUG).map(|it| term("repository", it, 3)));
    terms.extend(document.annotation(annotation::SLACK_CHANNEL).map(|it| term("channel", it, 2)));
    terms.extend(metadata.description.iter().map(|it| term("description", it, 1)));
    terms.into_iter().flatten().collect()
}
