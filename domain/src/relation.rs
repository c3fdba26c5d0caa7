//! Relations between entities. Both directions of a pair are stored.

use std::collections::HashMap;

use sqlx::PgExecutor;

use crate::subject::Subject;

/// What an entity has to do with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The relation as written, such as `dependsOn`.
    pub relation: String,
    /// Canonical reference of the other one.
    pub target: String,
    /// What is known of the other one; nothing where no source has it.
    pub subject: Option<Subject>,
}

/// What each of these entities has to do with others, at most `limit` of each relation, with how many there are of each.
pub async fn of(
    db: impl PgExecutor<'_>,
    references: &[String],
    limit: i64,
) -> sqlx::Result<HashMap<String, Vec<(Related, i64)>>> {
    let rows = sqlx::query!(
        r#"select r.source as "source!", r.type as "relation!", r.target as "target!", r.total as "total!",
            s.kind as "kind?", s.name as "name?", s.title as "title?", s.type as "type_?", s.description as "description?",
            s.orphaned_at is not null as "orphaned!"
         from (
            select source, type, target, row_number() over (partition by source, type order by target) as nth,
                count(*) over (partition by source, type) as total
            from (select distinct source, type, target from catalog.relation where source = any($1)) as pair
         ) r
         -- One by one, through the indexes: a plain join would read everything that has a reference.
         left join lateral (select * from catalog.subject where ref = r.target limit 1) s on true
         where r.nth <= $2 order by r.source, r.type, r.target"#,
        references,
        limit
    );
    let mut all: HashMap<String, Vec<(Related, i64)>> = HashMap::new();
    for it in rows.fetch_all(db).await? {
        let subject = it.kind.zip(it.name).zip(it.title).map(|((kind, name), title)| Subject {
            reference: it.target.clone(),
            kind,
            name,
            title,
            description: it.description,
            type_: it.type_,
            owner: None,
            orphaned: it.orphaned,
        });
        let related = Related { relation: it.relation, target: it.target, subject };
        all.entry(it.source).or_default().push((related, it.total));
    }
    Ok(all)
}
