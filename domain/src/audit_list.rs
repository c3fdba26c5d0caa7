//! Reading the audit, the latest first.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use crate::audit_chain::Record;

/// Which rows are asked for; what is left out excludes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The name, at the time, of who acted.
    pub who: Option<String>,
    /// The word of the action.
    pub action: Option<String>,
    /// The word of the kind.
    pub kind: Option<String>,
    /// Rows that are no older.
    pub since: Option<DateTime<Utc>>,
}

impl Record {
    /// The rows that the filter lets through, the latest first, with how many there are in all.
    pub async fn latest(
        db: impl PgExecutor<'_>,
        filter: &Filter,
        limit: i64,
        offset: i64,
    ) -> sqlx::Result<(Vec<Self>, i64)> {
        let rows = sqlx::query!(
            r#"select number, format, at, kind, who_id, who, action, resource, rule, request_id, intent, outcome, detail,
                previous, hash, count(*) over () as "total!"
             from audit.entry
             where ($1::text is null or lower(who) = lower($1)) and ($2::text is null or action = lower($2))
                and ($3::text is null or kind = $3) and ($4::timestamptz is null or at >= $4)
             order by number desc limit $5 offset $6"#,
            filter.who,
            filter.action,
            filter.kind,
            filter.since,
            limit,
            offset
        )
        .fetch_all(db)
        .await?;
        let total = rows.first().map_or(0, |it| it.total);
        let records = rows.into_iter().map(|it| Self {
            number: it.number,
            format: it.format,
            at: it.at,
            kind: it.kind,
            who_id: it.who_id,
            who: it.who,
            action: it.action,
            resource: it.resource,
            rule: it.rule,
            request: it.request_id,
            intent: it.intent,
            outcome: it.outcome,
            detail: it.detail,
            previous: it.previous,
            hash: it.hash,
        });
        Ok((records.collect(), total))
    }
}
