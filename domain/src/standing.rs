//! Where somebody stands: what access is decided from, read at the moment of the decision.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::document::annotation::SLACK_CHANNEL;

/// Where a person stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Id in the directory.
    pub id: Uuid,
    /// Entity name.
    pub name: String,
    /// What people call them.
    pub display_name: String,
    /// Whether the directory has disabled them.
    pub disabled: bool,
    /// Names, in lower case, of every group that they are in, directly or through others.
    pub groups: Vec<String>,
    /// When the directory was last read whole.
    pub read_at: Option<DateTime<Utc>>,
    /// When a reading since then was last held back by the brake.
    pub held_at: Option<DateTime<Utc>>,
}

impl Standing {
    /// Where the person with this id stands; nobody when they left.
    pub async fn of(db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(
            Self,
            r#"with recursive within as (
                select group_id as id from org.membership where person_id = $1
                union
                select nesting.parent_id from org.nesting join within on nesting.child_id = within.id
            )
            select p.id, p.name, p.display_name, p.disabled,
                array(
                    select lower(g.name) from within join org."group" g on g.id = within.id and g.left_at is null
                    order by 1
                ) as "groups!",
                (
                    select max(started_at) from catalog.run where source = 'ldap' and outcome in ('applied', 'unchanged')
                ) as read_at,
                (
                    select max(r.started_at) from catalog.run r where r.source = 'ldap' and r.outcome = 'refused'
                        and r.started_at > (
                            select max(started_at) from catalog.run
                            where source = 'ldap' and outcome in ('applied', 'unchanged')
                        )
                ) as held_at
            from org.person p where p.id = $1 and p.left_at is null"#,
            person
        )
        .fetch_optional(db)
        .await
    }
}

/// A group as somebody who could be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circle {
    /// Entity name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Its channel, where the catalog names one.
    pub channel: Option<String>,
    /// Names, in lower case, of itself and of every group that it is in.
    pub within: Vec<String>,
}

impl Circle {
    /// The groups with these names, by name; one that the directory does not have is missing.
    pub async fn named(db: impl PgExecutor<'_>, names: &[String]) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"with recursive above as (
                select g.id as origin, g.id from org."group" g
                where g.ref = any(select 'group:default/' || lower(it) from unnest($1::text[]) it) and g.left_at is null
                union
                select above.origin, n.parent_id from org.nesting n join above on n.child_id = above.id
            )
            select g.name, g.display_name, g.email,
                e.document #>> array['metadata', 'annotations', $2::text] as channel,
                array(
                    select lower(up.name) from above join org."group" up on up.id = above.id and up.left_at is null
                    where above.origin = g.id order by 1
                ) as "within!"
            from org."group" g left join catalog.entity e on e.ref = g.ref and e.orphaned_at is null
            where g.id in (select origin from above) order by lower(g.display_name), g.ref"#,
            names,
            SLACK_CHANNEL
        )
        .fetch_all(db)
        .await
    }
}
