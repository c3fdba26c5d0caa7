//! What can be subscribed to.

use std::fmt;

use sqlx::PgExecutor;

/// What is subscribed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A repository, by GitHub's id.
    Repository(i64),
    /// The repositories of an entity, by its reference.
    Entity(String),
    /// The repositories of all that a group owns, or any group below it, by the reference of the group.
    Team(String),
}

impl Target {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Repository(_) => "repository",
            Self::Entity(_) => "entity",
            Self::Team(_) => "team",
        }
    }

    pub(super) fn id(&self) -> String {
        match self {
            Self::Repository(id) => id.to_string(),
            Self::Entity(reference) | Self::Team(reference) => reference.clone(),
        }
    }

    /// The target that is stored like this; none where a newer program wrote it.
    pub fn read(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "repository" => id.parse().ok().map(Self::Repository),
            "entity" => Some(Self::Entity(id.into())),
            "team" => Some(Self::Team(id.into())),
            _ => None,
        }
    }
}

/// As an intent keeps it, such as `repository:201`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind(), self.id())
    }
}

/// What is to be known of a target before somebody subscribes to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What people call it; nothing where it is gone.
    pub label: Option<String>,
    /// References of who owns it.
    pub owners: Vec<String>,
    /// Names of its repositories now.
    pub repositories: Vec<String>,
}

/// What is known of a target.
pub async fn about(db: impl PgExecutor<'_>, target: &Target) -> sqlx::Result<About> {
    let row = sqlx::query!(
        r#"with recursive below as (
            select g.id, g.ref from org."group" g where $1 = 'team' and g.ref = $2
            union select g.id, g.ref from below join org.nesting n on n.parent_id = below.id join org."group" g on g.id = n.child_id
         ), entity as (
            select e.ref, e.owner, lower(e.document #>> '{metadata,annotations,github.com/project-slug}') as slug
            from catalog.entity e where e.orphaned_at is null and (
                $1 = 'entity' and e.ref = $2 or $1 = 'team' and (e.owner = $2 or e.owner in (select ref from below))
                or $1 = 'repository' and e.document #>> '{metadata,annotations,github.com/project-slug}' is not null
                    and lower(e.document #>> '{metadata,annotations,github.com/project-slug}')
                        = (select lower(r.name) from github.repository r where r.id::text = $2)
            )
         )
         select case $1 when 'repository' then (select r.name from github.repository r where r.id::text = $2 and r.gone_at is null)
                when 'team' then (select g.display_name from org."group" g where g.ref = $2 and g.left_at is null)
                else (select coalesce(e.title, e.name) from catalog.entity e where e.ref = $2 and e.orphaned_at is null)
            end as label,
            array(select distinct owner from entity where owner is not null and $1 <> 'team'
                union select $2 where $1 = 'team' order by 1) as "owners!",
            array(select distinct r.name from entity join github.repository r on lower(r.name) = entity.slug and r.gone_at is null
                union select r.name from github.repository r where $1 = 'repository' and r.id::text = $2 order by 1) as "repositories!""#,
        target.kind(),
        target.id()
    );
    let row = row.fetch_one(db).await?;
    Ok(About { label: row.label, owners: row.owners, repositories: row.repositories })
}

/// References of the groups whose channel this is, as the catalog says: by its id, or by its name.
pub async fn whose(db: impl PgExecutor<'_>, (id, name): (&str, Option<&str>)) -> sqlx::Result<Vec<String>> {
    let written = [Some(id.to_owned()), name.map(str::to_owned), name.map(|it| format!("#{it}"))];
    let written: Vec<String> = written.into_iter().flatten().collect();
    sqlx::query_scalar!(
        r#"select g.ref from org."group" g join catalog.entity e on e.ref = g.ref and e.orphaned_at is null
         where g.left_at is null and e.document #>> '{metadata,annotations,pinconsole.io/slack-channel}' = any($1) order by 1"#,
        &written
    )
    .fetch_all(db)
    .await
}
