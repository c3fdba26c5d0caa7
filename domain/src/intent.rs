//! What a button that acts stands for: one row an action and target, which lives as long as there is something to act upon.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// An action on a target, as a button names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Its id.
    pub id: Uuid,
    /// The word of the action.
    pub action: String,
    /// What is acted upon.
    pub target: String,
    /// Who acted last.
    pub acted_by: Option<String>,
    /// When.
    pub acted_at: Option<DateTime<Utc>>,
}

impl Intent {
    /// The id of this action on this target, for a button that is drawn now.
    pub async fn of(db: impl PgExecutor<'_>, action: &str, target: &str) -> sqlx::Result<Uuid> {
        sqlx::query_scalar!(
            "insert into auth.intent (id, action, target) values ($1, $2, $3)
             on conflict on constraint intent_action_key do update set closed_at = null
             returning id",
            Uuid::now_v7(),
            action,
            target
        )
        .fetch_one(db)
        .await
    }

    /// The ids of these actions on one target, in this order.
    pub async fn all(db: impl PgExecutor<'_>, actions: &[&str], target: &str) -> sqlx::Result<Vec<Uuid>> {
        let wanted: Vec<(&str, &str)> = actions.iter().map(|it| (*it, target)).collect();
        Self::each(db, &wanted).await
    }

    /// The ids of these (action, target), in this order.
    pub async fn each(db: impl PgExecutor<'_>, wanted: &[(&str, &str)]) -> sqlx::Result<Vec<Uuid>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut sorted = wanted.to_vec();
        // In one order, so that two transactions cannot wait for each other.
        sorted.sort_unstable();
        sorted.dedup();
        let ids: Vec<Uuid> = sorted.iter().map(|_| Uuid::now_v7()).collect();
        let (words, targets): (Vec<&str>, Vec<&str>) = sorted.into_iter().unzip();
        let rows = sqlx::query!(
            "insert into auth.intent (id, action, target) select * from unnest($1::uuid[], $2::text[], $3::text[])
             on conflict on constraint intent_action_key do update set closed_at = null
             returning id, action, target",
            &ids,
            &words as &[&str],
            &targets as &[&str]
        );
        let found = rows.fetch_all(db).await?;
        let found: HashMap<_, _> = found.iter().map(|it| ((it.action.as_str(), it.target.as_str()), it.id)).collect();
        Ok(wanted.iter().filter_map(|it| found.get(it).copied()).collect())
    }

    /// The intent with this id.
    pub async fn with_id(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(Self, "select id, action, target, acted_by, acted_at from auth.intent where id = $1", id)
            .fetch_optional(db)
            .await
    }

    /// The same, alone: whoever else acts on the target waits until the transaction ends.
    pub async fn lock(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(
            Self,
            "select id, action, target, acted_by, acted_at from auth.intent where id = $1 for update",
            id
        )
        .fetch_optional(db)
        .await
    }

    /// Says who acted.
    pub async fn acted(db: impl PgExecutor<'_>, id: Uuid, by: &str) -> sqlx::Result<()> {
        sqlx::query!("update auth.intent set acted_by = $2, acted_at = clock_timestamp() where id = $1", id, by)
            .execute(db)
            .await?;
        Ok(())
    }

    /// Says that there is nothing to act upon any more.
    pub async fn close(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<()> {
        sqlx::query!("update auth.intent set closed_at = now() where id = $1 and closed_at is null", id)
            .execute(db)
            .await?;
        Ok(())
    }

    /// Forgets intents that were closed before this moment, with what was shown of them.
    pub async fn forget(db: impl PgExecutor<'_>, before: DateTime<Utc>) -> sqlx::Result<u64> {
        Ok(sqlx::query!("delete from auth.intent where closed_at < $1", before).execute(db).await?.rows_affected())
    }
}
