//! What a platform lately said of somebody whom we do not know.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use crate::account::Platform;

/// What somebody is in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A full member.
    Member,
    /// A guest, who sees only some channels.
    Guest,
    /// Of another workspace or organisation.
    Foreign,
    /// A bot, or a closed account.
    Inactive,
}

impl Standing {
    const ALL: [Self; 4] = [Self::Member, Self::Guest, Self::Foreign, Self::Inactive];

    fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Guest => "guest",
            Self::Foreign => "foreign",
            Self::Inactive => "inactive",
        }
    }
}

/// What the platform says of somebody, as far as it decides who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// What they are in the workspace.
    pub standing: Standing,
    /// The e-mail address that the platform verified.
    pub email: Option<String>,
}

impl Sighting {
    /// What was said of this account since then, when it proved nobody.
    pub async fn since(
        db: impl PgExecutor<'_>,
        (platform, tenant, external_id): (Platform, &str, &str),
        since: DateTime<Utc>,
    ) -> sqlx::Result<Option<Self>> {
        let row = sqlx::query!(
            "select standing, email from auth.stranger
             where platform = $1 and tenant = $2 and external_id = $3 and seen_at > $4",
            platform.as_str(),
            tenant,
            external_id,
            since
        );
        let seen = row.fetch_optional(db).await?.and_then(|it| {
            let standing = Standing::ALL.into_iter().find(|standing| standing.as_str() == it.standing)?;
            Some(Self { standing, email: it.email })
        });
        Ok(seen)
    }

    /// Keeps what was said now, and forgets what was said of anybody before `old`.
    pub async fn keep(
        &self,
        db: impl PgExecutor<'_>,
        (platform, tenant, external_id): (Platform, &str, &str),
        old: DateTime<Utc>,
    ) -> sqlx::Result<()> {
        sqlx::query!(
            "with old as (
                -- Two who forget the same must not wait for each other crosswise.
                delete from auth.stranger where (platform, tenant, external_id) in (
                    select platform, tenant, external_id from auth.stranger
                    where seen_at < $6 and not (platform = $1 and tenant = $2 and external_id = $3)
                    for update skip locked)
             )
             insert into auth.stranger (platform, tenant, external_id, standing, email) values ($1, $2, $3, $4, $5)
             on conflict (platform, tenant, external_id)
             do update set standing = excluded.standing, email = excluded.email, seen_at = now()",
            platform.as_str(),
            tenant,
            external_id,
            self.standing.as_str(),
            self.email,
            old
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// Forgets what was said of this account.
    pub async fn forget(
        db: impl PgExecutor<'_>,
        (platform, tenant, external_id): (Platform, &str, &str),
    ) -> sqlx::Result<()> {
        sqlx::query!(
            "delete from auth.stranger where platform = $1 and tenant = $2 and external_id = $3",
            platform.as_str(),
            tenant,
            external_id
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
