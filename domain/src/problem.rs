//! What is wrong with the files of the catalog.

use sqlx::{PgConnection, PgExecutor};

/// A document that could not be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line in it, from 1.
    pub line: Option<i32>,
    /// What is wrong, and what to do.
    pub reason: String,
}

impl Problem {
    /// Every problem of a source, by place, with how many there are in all.
    pub async fn of(db: impl PgExecutor<'_>, source: &str, limit: i64) -> sqlx::Result<(Vec<Self>, i64)> {
        let rows = sqlx::query!(
            r#"select file, line, reason, count(*) over () as "total!" from catalog.problem
             where source = $1 order by file, line nulls first, reason limit $2"#,
            source,
            limit
        )
        .fetch_all(db)
        .await?;
        let total = rows.first().map_or(0, |it| it.total);
        let problems = rows.into_iter().map(|it| Self { file: it.file, line: it.line, reason: it.reason });
        Ok((problems.collect(), total))
    }

    /// Replaces the problems of a source; the same as before writes nothing.
    pub async fn replace(db: &mut PgConnection, source: &str, problems: &[Self]) -> sqlx::Result<()> {
        let files: Vec<String> = problems.iter().map(|it| it.file.clone()).collect();
        let lines: Vec<Option<i32>> = problems.iter().map(|it| it.line).collect();
        let reasons: Vec<String> = problems.iter().map(|it| it.reason.clone()).collect();
        sqlx::query!(
            "delete from catalog.problem p where source = $1 and not exists (
                select from unnest($2::text[], $3::int[], $4::text[]) as now (file, line, reason)
                where now.file = p.file and now.line is not distinct from p.line and now.reason = p.reason)",
            source,
            &files,
            &lines as &[Option<i32>],
            &reasons
        )
        .execute(&mut *db)
        .await?;
        sqlx::query!(
            "insert into catalog.problem (source, file, line, reason)
             select $1, file, line, reason from unnest($2::text[], $3::int[], $4::text[]) as now (file, line, reason)
             where not exists (
                select from catalog.problem p where p.source = $1
                and now.file = p.file and now.line is not distinct from p.line and now.reason = p.reason)",
            source,
            &files,
            &lines as &[Option<i32>],
            &reasons
        )
        .execute(&mut *db)
        .await?;
        Ok(())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}
