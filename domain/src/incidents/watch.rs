use sqlx::PgExecutor;

/// An entity of the catalog and the service that its annotation names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// PagerDuty's id of the service.
    pub service: String,
    /// Reference of the entity.
    pub entity: String,
}

/// An entity whose source lies in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Reference of the entity.
    pub entity: String,
    /// `owner/name` of its repository, where that is known.
    pub repository: Option<String>,
    /// The folder within it, with a slash at its end; empty for the whole repository.
    pub folder: String,
}

impl Watch {
    /// What the entities of these owners name.
    pub async fn of_owners(db: impl PgExecutor<'_>, owners: &[String]) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select document #>> '{metadata,annotations,pagerduty.com/service-id}' as "service!", ref as entity
             from catalog.entity
             where owner = any($1) and orphaned_at is null
                and document #>> '{metadata,annotations,pagerduty.com/service-id}' is not null
             order by ref"#,
            owners
        )
        .fetch_all(db)
        .await
    }

    /// What the parts of this system or domain name.
    pub async fn of_parts(db: impl PgExecutor<'_>, whole: &str) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select distinct e.document #>> '{metadata,annotations,pagerduty.com/service-id}' as "service!", e.ref as "entity!"
             from catalog.relation r join catalog.entity e on e.ref = r.target
             where r.source = $1 and r.type = 'hasPart' and e.orphaned_at is null
                and e.document #>> '{metadata,annotations,pagerduty.com/service-id}' is not null
             order by 2"#,
            whole
        )
        .fetch_all(db)
        .await
    }
}

impl Placed {
    /// References of the entities whose repository is this one, `owner/name` in any case.
    pub async fn in_repository(db: impl PgExecutor<'_>, repository: &str) -> sqlx::Result<Vec<String>> {
        sqlx::query_scalar!(
            r#"select ref from catalog.entity
             where (catalog.source_repository(document, location) = lower($1)
                or (lower(document #>> '{metadata,annotations,github.com/project-slug}') = lower($1)
                    and document #>> '{metadata,annotations,github.com/project-slug}' is not null))
                and orphaned_at is null
             order by array_position(array['Component', 'System', 'API', 'Resource'], kind) nulls last, ref"#,
            repository
        )
        .fetch_all(db)
        .await
    }

    /// The entities whose source is exactly one of these folders, of this repository or of any; the deepest first.
    pub async fn in_folders(
        db: impl PgExecutor<'_>,
        repository: Option<&str>,
        folders: &[String],
    ) -> sqlx::Result<Vec<Self>> {
        let (of, any) = (repository.unwrap_or_default().to_lowercase(), repository.is_none());
        sqlx::query_as!(
            Self,
            r#"select ref as "entity!", repository, folder as "folder!" from (
                select ref, catalog.source_repository(document, location) as repository,
                    catalog.source_folder(document, location) as folder, orphaned_at, kind
                from catalog.entity where not $3 and catalog.source_repository(document, location) = $1
                    and catalog.source_folder(document, location) = any($2)
                union all
                select ref, catalog.source_repository(document, location), catalog.source_folder(document, location),
                    orphaned_at, kind
                from catalog.entity where $3 and catalog.source_folder(document, location) = any($2)
             ) it
             where orphaned_at is null
             order by length(folder) desc, array_position(array['Component', 'System', 'API', 'Resource'], kind) nulls last, ref"#,
            of,
            folders,
            any
        )
        .fetch_all(db)
        .await
    }
}
