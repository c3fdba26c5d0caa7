//! Relations between entities. Both directions of a pair are stored.

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

/// Everything that an entity has to do with others, at most `limit` of each relation, with how many there are of each.
pub async fn of(db: impl PgExecutor<'_>, reference: &str, limit: i64) -> sqlx::Result<Vec<(Related, i64)>> {
    let rows = sqlx::query!(
        r#"select r.type as "relation!", r.target as "target!", r.total as "total!",
            s.kind as "kind?", s.name as "name?", s.title as "title?", s.type as "type_?", s.description as "description?"
         from (
            select type, target, row_number() over (partition by type order by target) as nth,
                count(*) over (partition by type) as total
            from (select distinct type, target from catalog.relation where source = $1) as pair
         ) r
         -- One by one, through the indexes: a plain join would read everything that has a reference.
         left join lateral (select * from catalog.subject where ref = r.target limit 1) s on true
         where r.nth <= $2 order by r.type, r.target"#,
        reference,
        limit
    );
    rows.map(|it| {
        let subject = it.kind.zip(it.name).zip(it.title).map(|((kind, name), title)| Subject {
            reference: it.target.clone(),
            kind,
            name,
            title,
            description: it.description,
            type_: it.type_,
            owner: None,
            orphaned: false,
        });
        (Related { relation: it.relation, target: it.target, subject }, it.total)
    })
    .fetch_all(db)
    .await
}
