//! What search looks through.

use sqlx::PgConnection;

use crate::fold;

/// One field of something that can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) reference: String,
    pub(crate) field: &'static str,
    pub(crate) value: String,
    /// Which field wins when two match equally well.
    pub(crate) weight: i16,
}

/// Longer texts are cut: nobody searches for the end of an essay.
const MAX_CHARS: usize = 500;

impl Term {
    pub(crate) fn new(reference: &str, field: &'static str, value: &str, weight: i16) -> Option<Self> {
        let value: String = value.chars().take(MAX_CHARS).map(|it| if it == '\0' { ' ' } else { it }).collect();
        (!fold(&value).is_empty()).then(|| Self { reference: reference.into(), field, value, weight })
    }
}

/// Replaces all terms of these references.
pub(crate) async fn replace(db: &mut PgConnection, references: &[String], terms: &[Term]) -> sqlx::Result<()> {
    sqlx::query!("delete from catalog.term where ref = any($1)", references).execute(&mut *db).await?;
    let column = |of: fn(&Term) -> String| -> Vec<String> { terms.iter().map(of).collect() };
    let weights: Vec<i16> = terms.iter().map(|it| it.weight).collect();
    sqlx::query!(
        "insert into catalog.term (ref, field, value, folded, weight)
         select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::smallint[])
         on conflict do nothing",
        &column(|it| it.reference.clone()),
        &column(|it| it.field.into()),
        &column(|it| it.value.clone()),
        &column(|it| fold(&it.value)),
        &weights
    )
    .execute(db)
    .await?;
    Ok(())
}
