use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

/// An escalation policy: whom to ask, and whom next.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// PagerDuty's id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How often it begins anew when nobody answers.
    pub loops: i32,
    /// Its page in PagerDuty.
    pub url: Option<String>,
}

/// One target of one level of a policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Asked in this order, from 1.
    pub level: i16,
    /// Who is asked.
    pub target: Target,
    /// Minutes that the level has before the next one is asked.
    pub delay_minutes: i32,
}

/// Whom a level asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Always this member.
    Member(String),
    /// Whoever this schedule names.
    Schedule(String),
}

impl Target {
    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Member(id) => ("member", id),
            Self::Schedule(id) => ("schedule", id),
        }
    }
}

impl Level {
    /// The levels of these policies, each with its policy's id, in order.
    pub async fn of(db: impl PgExecutor<'_>, policies: &[String]) -> sqlx::Result<Vec<(String, Self)>> {
        let rows = sqlx::query!(
            "select policy_id, level, kind, target, delay_minutes from incidents.level
             where policy_id = any($1) order by policy_id, level, position",
            policies
        );
        let levels = rows.map(|it| {
            let target = if it.kind == "member" { Target::Member(it.target) } else { Target::Schedule(it.target) };
            (it.policy_id, Self { level: it.level, target, delay_minutes: it.delay_minutes })
        });
        levels.fetch_all(db).await
    }
}

impl Policy {
    /// The policies with these ids that PagerDuty still has, by name.
    pub async fn with_ids(db: impl PgExecutor<'_>, ids: &[String]) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, loops, url from incidents.policy where id = any($1) and gone_at is null order by name, id",
            ids
        )
        .fetch_all(db)
        .await
    }

    /// The policies that PagerDuty has, whose name has this in it, by name.
    pub async fn named(db: impl PgExecutor<'_>, part: &str, limit: i64) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, loops, url from incidents.policy
             where gone_at is null and position(lower($1) in lower(name)) > 0
             order by lower(name) <> lower($1), name, id limit $2",
            part,
            limit
        )
        .fetch_all(db)
        .await
    }

    /// A page of the policies that a service in use names, by name, with how many there are in all.
    pub async fn used(db: impl PgExecutor<'_>, (limit, offset): (i64, i64)) -> sqlx::Result<(Vec<Self>, i64)> {
        let rows = sqlx::query!(
            r#"select id, name, loops, url, count(*) over () as "total!" from incidents.policy p
             where gone_at is null and exists (select from incidents.service s
                where s.policy_id = p.id and s.gone_at is null and s.status <> 'disabled')
             order by lower(name), id limit $1 offset $2"#,
            limit,
            offset
        )
        .fetch_all(db)
        .await?;
        let total = rows.first().map_or(0, |it| it.total);
        let found = rows.into_iter().map(|it| Self { id: it.id, name: it.name, loops: it.loops, url: it.url });
        Ok((found.collect(), total))
    }

    /// The policies with a level that asks this schedule, by name.
    pub async fn asking(db: impl PgExecutor<'_>, schedule: &str) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select id, name, loops, url from incidents.policy
             where gone_at is null and id in (select policy_id from incidents.level where kind = 'schedule' and target = $1)
             order by name, id",
            schedule
        )
        .fetch_all(db)
        .await
    }

    /// Whom it asks, in order.
    pub async fn levels(&self, db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Level>> {
        let rows = sqlx::query!(
            "select level, kind, target, delay_minutes from incidents.level where policy_id = $1 order by level, position",
            self.id
        );
        let levels = rows.map(|it| Level {
            level: it.level,
            target: if it.kind == "member" { Target::Member(it.target) } else { Target::Schedule(it.target) },
            delay_minutes: it.delay_minutes,
        });
        levels.fetch_all(db).await
    }

    /// Keeps a policy with its levels, unless something newer is known; false where nothing changed.
    pub async fn write(&self, db: &mut PgConnection, levels: &[Level], source_at: DateTime<Utc>) -> sqlx::Result<bool> {
        let newest = sqlx::query!(
            "insert into incidents.policy as p (id, name, loops, url, source_at) values ($1, $2, $3, $4, $5)
             on conflict (id) do update set name = excluded.name, loops = excluded.loops, url = excluded.url,
                source_at = excluded.source_at, gone_at = null
             where p.source_at <= excluded.source_at
             returning id",
            self.id,
            self.name,
            self.loops,
            self.url,
            source_at
        );
        if newest.fetch_optional(&mut *db).await?.is_none() || self.levels(&mut *db).await? == levels {
            return Ok(false);
        }
        sqlx::query!("delete from incidents.level where policy_id = $1", self.id).execute(&mut *db).await?;
        for (position, it) in (0_i16..).zip(levels) {
            let (kind, target) = it.target.parts();
            sqlx::query!(
                "insert into incidents.level (policy_id, level, position, kind, target, delay_minutes)
                 values ($1, $2, $3, $4, $5, $6)",
                self.id,
                it.level,
                position,
                kind,
                target,
                it.delay_minutes
            )
            .execute(&mut *db)
            .await?;
        }
        Ok(true)
    }
}
