//! How each reading of a source ended.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

/// Where people, groups and entities come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The directory.
    Ldap,
    /// Files of the catalog.
    Files,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 2] = [Self::Ldap, Self::Files];

    /// The word under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ldap => "ldap",
            Self::Files => "files",
        }
    }
}

/// How a reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Changes were written.
    Applied,
    /// What could be read was written, and what could not was left as it was.
    Partial,
    /// There was nothing to write.
    Unchanged,
    /// The plan was refused; nothing was written.
    Refused,
    /// The source could not be read; nothing was written.
    Failed,
}

impl Outcome {
    const ALL: [Self; 5] = [Self::Applied, Self::Partial, Self::Unchanged, Self::Refused, Self::Failed];

    /// The word under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Partial => "partial",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// Whether the source was read whole and what it said now holds.
    pub fn good(self) -> bool {
        matches!(self, Self::Applied | Self::Unchanged)
    }
}

/// One reading of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which source.
    pub source: Source,
    /// When the reading began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
    /// How it ended.
    pub outcome: Outcome,
    /// What was seen, in a sentence.
    pub summary: String,
    /// The plan as printed.
    pub plan: String,
    /// How many rows the plan changes.
    pub changes: i32,
    /// Who accepted a plan that had been refused.
    pub accepted_by: Option<String>,
}

impl Run {
    /// Keeps the run, and forgets all but the last thousand of its source.
    pub async fn keep(&self, db: impl PgExecutor<'_>) -> sqlx::Result<()> {
        sqlx::query!(
            "with old as (
                delete from catalog.run where source = $2 and id in (
                    select id from catalog.run where source = $2 order by started_at desc offset 999)
             )
             insert into catalog.run
                (id, source, started_at, finished_at, outcome, summary, plan, changes, accepted_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            Uuid::now_v7(),
            self.source.as_str(),
            self.started_at,
            self.finished_at,
            self.outcome.as_str(),
            self.summary,
            self.plan,
            self.changes,
            self.accepted_by
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// The last run of a source, whatever its outcome.
    pub async fn last(db: impl PgExecutor<'_>, source: Source) -> sqlx::Result<Option<Self>> {
        let row = sqlx::query!(
            r#"select started_at, finished_at as "finished_at!", outcome, summary, plan, changes, accepted_by
             from catalog.run where source = $1 and finished_at is not null order by started_at desc limit 1"#,
            source.as_str()
        );
        row.map(|it| Self {
            source,
            started_at: it.started_at,
            finished_at: it.finished_at,
            // A word that a newer replica wrote is taken for the worst, not for the best.
            outcome: Outcome::ALL.into_iter().find(|word| word.as_str() == it.outcome).unwrap_or(Outcome::Failed),
            summary: it.summary,
            plan: it.plan,
            changes: it.changes,
            accepted_by: it.accepted_by,
        })
        .fetch_optional(db)
        .await
    }

    /// The plan that was refused last.
    pub async fn refused(db: impl PgExecutor<'_>, source: Source) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar!(
            "select plan from catalog.run where source = $1 and outcome = 'refused' order by started_at desc limit 1",
            source.as_str()
        )
        .fetch_optional(db)
        .await
    }

    /// The plans that were refused since the source was last read whole, each once.
    pub async fn refused_since(db: impl PgExecutor<'_>, source: Source) -> sqlx::Result<Vec<String>> {
        sqlx::query_scalar!(
            "select distinct plan from catalog.run r where source = $1 and outcome = 'refused' and not exists (
                select from catalog.run good
                where good.source = $1 and good.outcome in ('applied', 'unchanged') and good.started_at > r.started_at
             ) limit 100",
            source.as_str()
        )
        .fetch_all(db)
        .await
    }

    /// When the source last told something, whole or in part.
    pub async fn heard_at(db: impl PgExecutor<'_>, source: Source) -> sqlx::Result<Option<DateTime<Utc>>> {
        sqlx::query_scalar!(
            "select max(started_at) from catalog.run
             where source = $1 and outcome in ('applied', 'unchanged', 'partial', 'refused')",
            source.as_str()
        )
        .fetch_one(db)
        .await
    }

    /// When the source was last read whole, so that what it said holds since then.
    pub async fn fresh_at(db: impl PgExecutor<'_>, source: Source) -> sqlx::Result<Option<DateTime<Utc>>> {
        sqlx::query_scalar!(
            "select max(started_at) from catalog.run where source = $1 and outcome in ('applied', 'unchanged')",
            source.as_str()
        )
        .fetch_one(db)
        .await
    }
}

/// The code that stands for a plan: its last line tells it where it was made over more than the text shows.
pub fn code(plan: &str) -> String {
    match plan.trim_end().rsplit_once("\nCode of the whole plan: ") {
        Some((_, code)) => code.trim().to_string(),
        None => Uuid::new_v5(&Uuid::NAMESPACE_OID, plan.as_bytes()).simple().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_has_the_code_that_it_tells_or_one_of_its_text() {
        assert_eq!(code("People: 20 -> 8\nCode of the whole plan: 1a2b-3c4d\n"), "1a2b-3c4d");
        assert_eq!(code("People: 20 -> 8\n").len(), 32);
        assert_ne!(code("People: 20 -> 8\n"), code("People: 20 -> 7\n"));
    }
}
