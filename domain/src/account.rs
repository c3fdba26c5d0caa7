//! Who a person is on each platform, and how that was proven.

use std::collections::HashMap;
use std::fmt;

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::person::Person;

/// Where somebody has an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Platform {
    /// Slack.
    Slack,
    /// Discord.
    Discord,
    /// GitHub.
    Github,
    /// PagerDuty.
    Pagerduty,
    /// Jira.
    Jira,
    /// A terminal with a personal token.
    Terminal,
}

impl Platform {
    const ALL: [Self; 6] = [Self::Slack, Self::Discord, Self::Github, Self::Pagerduty, Self::Jira, Self::Terminal];

    /// The word under which it is stored and configured.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Discord => "discord",
            Self::Github => "github",
            Self::Pagerduty => "pagerduty",
            Self::Jira => "jira",
            Self::Terminal => "terminal",
        }
    }

    /// The platform with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Slack => "Slack",
            Self::Discord => "Discord",
            Self::Github => "GitHub",
            Self::Pagerduty => "PagerDuty",
            Self::Jira => "Jira",
            Self::Terminal => "Terminal",
        })
    }
}

/// How an account was proven to be the person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The directory names it.
    Directory,
    /// The platform verified the e-mail address that the directory has, too.
    Email,
    /// An administrator said so, which holds until an administrator says otherwise.
    Administrator,
    /// They signed in with it.
    OAuth,
}

impl Proof {
    /// How it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Directory => "directory attribute",
            Self::Email => "verified e-mail",
            Self::Administrator => "administrator",
            Self::OAuth => "OAuth",
        }
    }
}

/// An account of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The person whose it is.
    pub person_id: Uuid,
    /// The word of the platform.
    pub platform: String,
    /// The id there.
    pub external_id: String,
    /// What people call it, where the id says nothing.
    pub label: Option<String>,
    /// How it was proven, in words.
    pub proof: String,
    /// The e-mail address that proved it.
    pub email: Option<String>,
    /// When it was last proven.
    pub proven_at: DateTime<Utc>,
}

impl Account {
    /// What people know it by.
    pub fn shown(&self) -> &str {
        self.label.as_ref().unwrap_or(&self.external_id)
    }

    /// The account with this id, whosever it is.
    pub async fn with_id(
        db: impl PgExecutor<'_>,
        platform: Platform,
        tenant: &str,
        external_id: &str,
    ) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(
            Self,
            "select person_id, platform, external_id, label, proof, email, proven_at
             from auth.account where platform = $1 and tenant = $2 and external_id = $3",
            platform.as_str(),
            tenant,
            external_id
        )
        .fetch_optional(db)
        .await
    }

    /// The account with each (tenant, id), with its person, unless they left.
    pub async fn with_people(
        db: impl PgExecutor<'_>,
        platform: Platform,
        ids: &[(String, String)],
    ) -> sqlx::Result<HashMap<(String, String), (Self, Person)>> {
        let (tenants, externals): (Vec<String>, Vec<String>) = ids.iter().cloned().unzip();
        let rows = sqlx::query!(
            r#"select a.tenant, a.person_id, a.platform, a.external_id, a.label, a.proof, a.email, a.proven_at,
                p.name, p.display_name, p.email as person_email, p.title, p.description, p.disabled
             from unnest($2::text[], $3::text[]) as asked (tenant, external_id)
             join auth.account a on a.platform = $1 and a.tenant = asked.tenant and a.external_id = asked.external_id
             join org.person p on p.id = a.person_id and p.left_at is null
             -- An address that a second person has proves nothing about either.
             where a.proof in ('directory attribute', 'administrator') or not exists (select from org.person other
                where lower(other.email) = lower(p.email) and other.left_at is null and other.id <> p.id)"#,
            platform.as_str(),
            &tenants,
            &externals
        );
        let found = rows.map(|it| {
            let person = Person {
                id: it.person_id,
                name: it.name,
                display_name: it.display_name,
                email: it.person_email,
                title: it.title,
                description: it.description,
                disabled: it.disabled,
            };
            let account = Self {
                person_id: it.person_id,
                platform: it.platform,
                external_id: it.external_id.clone(),
                label: it.label,
                proof: it.proof,
                email: it.email,
                proven_at: it.proven_at,
            };
            ((it.tenant, it.external_id), (account, person))
        });
        Ok(found.fetch_all(db).await?.into_iter().collect())
    }

    /// All accounts of a person, by platform; one that the directory names without its workspace and the platform confirmed
    /// is one.
    pub async fn of(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select person_id, platform, external_id, proof, email, proven_at,
                -- A login that changed since is told as it is now.
                coalesce((
                    select g.login from github.actor g where a.platform = 'github' and a.tenant = 'id' and g.id::text = a.external_id
                ), a.label) as "label?"
             from auth.account a where person_id = $1 and not (tenant = '' and exists (
                select from auth.account o where o.person_id = a.person_id and o.platform = a.platform
                    and o.external_id = a.external_id and o.tenant <> ''))
             order by platform, external_id"#,
            person
        )
        .fetch_all(db)
        .await
    }

    /// Ids on a platform of these people, by entity name in lower case; whoever has none there is missing.
    pub async fn ids(
        db: impl PgExecutor<'_>,
        platform: Platform,
        tenant: &str,
        names: &[String],
    ) -> sqlx::Result<Vec<(String, String)>> {
        sqlx::query!(
            r#"select p.name, a.external_id from auth.account a join org.person p on p.id = a.person_id
             where a.platform = $1 and a.tenant = $2 and p.left_at is null
             and p.ref = any(select 'user:default/' || lower(it) from unnest($3::text[]) it)"#,
            platform.as_str(),
            tenant,
            names
        )
        .map(|it| (it.name, it.external_id))
        .fetch_all(db)
        .await
    }

    /// The id on a platform that was proven last to be this person's.
    pub async fn id_of(
        db: impl PgExecutor<'_>,
        platform: Platform,
        tenant: &str,
        person: Uuid,
    ) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar!(
            "select a.external_id from auth.account a join org.person p on p.id = a.person_id
             where a.platform = $1 and a.tenant = $2 and a.person_id = $3
                -- An address that is no longer theirs proves nothing.
                and (a.email is null or lower(a.email) = lower(p.email))
             order by a.proven_at desc limit 1",
            platform.as_str(),
            tenant,
            person
        )
        .fetch_optional(db)
        .await
    }

    /// Keeps what proves the account, now; where an administrator said whose it is, that stays.
    pub async fn prove(
        db: impl PgExecutor<'_>,
        person: Uuid,
        (platform, tenant, external_id): (Platform, &str, &str),
        proof: Proof,
        email: Option<&str>,
    ) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into auth.account (id, person_id, platform, tenant, external_id, proof, email)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict on constraint account_external_key
             do update set person_id = excluded.person_id, proof = excluded.proof, email = excluded.email, proven_at = now()
             where account.proof <> 'administrator' or excluded.proof = 'administrator'",
            Uuid::now_v7(),
            person,
            platform.as_str(),
            tenant,
            external_id,
            proof.as_str(),
            email
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// Forgets an account whose proof no longer holds.
    pub async fn forget(
        db: impl PgExecutor<'_>,
        platform: Platform,
        tenant: &str,
        external_id: &str,
    ) -> sqlx::Result<()> {
        sqlx::query!(
            "delete from auth.account where platform = $1 and tenant = $2 and external_id = $3",
            platform.as_str(),
            tenant,
            external_id
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
