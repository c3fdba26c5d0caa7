//! The plan that the brake stopped and that waits for somebody's word.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use crate::run::{self, Source};
use crate::tick::{Job, Outcome};

/// Where the readings of the directory stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Braked {
    /// The last reading that was judged: applied, found unchanged, or refused.
    pub judged: Option<Judged>,
    /// Who accepted the refused plan last, since it was first refused.
    pub accepted: Option<Accepted>,
}

/// A reading that was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Whether its plan was refused.
    pub refused: bool,
    /// What was seen, and why it was refused, in a sentence.
    pub summary: String,
    /// The plan as printed.
    pub plan: String,
    /// When it was read.
    pub at: DateTime<Utc>,
    /// When this plan was first refused, since a reading last was applied.
    pub since: DateTime<Utc>,
}

/// Somebody accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// When and how the reading ended that they asked for so.
    pub ended: Option<(DateTime<Utc>, Outcome)>,
}

impl Braked {
    /// How it stands now.
    pub async fn now(db: &mut PgConnection) -> sqlx::Result<Self> {
        let judged = Judged::last(&mut *db).await?;
        let accepted = match judged.as_ref().filter(|it| it.refused) {
            Some(it) => Accepted::last(&mut *db, it.since).await?,
            None => None,
        };
        Ok(Self { judged, accepted })
    }

    /// The plan that waits for somebody's word; none while an acceptance is on its way.
    pub fn waits(&self) -> Option<&Judged> {
        let pending = self.accepted.as_ref().is_some_and(|it| it.ended.is_none());
        self.judged.as_ref().filter(|it| it.refused && !pending)
    }

    /// Another number whenever somebody who saw the plan should look again: a reading of the same plan is no news.
    pub fn version(&self) -> i64 {
        let asked = self.accepted.as_ref().map(|it| it.ended.map_or(it.at, |(at, _)| at));
        let since = self.judged.as_ref().map(|it| it.since);
        since.max(asked).map_or(0, |it| it.timestamp_micros())
    }
}

impl Judged {
    /// The code that stands for the plan.
    pub fn code(&self) -> String {
        run::code(&self.plan)
    }

    async fn last(db: impl PgExecutor<'_>) -> sqlx::Result<Option<Self>> {
        sqlx::query_as!(
            Self,
            r#"with judged as (
                select outcome, summary, plan, started_at from catalog.run
                where source = $1 and outcome in ('refused', 'applied', 'unchanged') order by started_at desc limit 1
             )
             select outcome = 'refused' as "refused!", summary, plan, started_at as at,
                coalesce((
                    select min(started_at) from catalog.run r
                    where r.source = $1 and r.outcome = 'refused' and r.plan = judged.plan and r.started_at > coalesce(
                        (select max(started_at) from catalog.run where source = $1 and outcome in ('applied', 'unchanged')),
                        '-infinity')
                ), started_at) as "since!"
             from judged"#,
            Source::Ldap.as_str()
        )
        .fetch_optional(db)
        .await
    }
}

impl Accepted {
    async fn last(db: impl PgExecutor<'_>, since: DateTime<Utc>) -> sqlx::Result<Option<Self>> {
        let row = sqlx::query!(
            r#"select coalesce(asked_by, '') as "by!", scheduled_for as at, finished_at, outcome from schedule.tick
             where job = $1 and argument ? 'accept' and scheduled_for > $2 order by scheduled_for desc limit 1"#,
            Job::Ldap.as_str(),
            since
        );
        let told = |it: Option<String>| Outcome::told(&it.unwrap_or_default());
        let accepted =
            row.map(|it| Self { by: it.by, at: it.at, ended: it.finished_at.map(|at| (at, told(it.outcome))) });
        accepted.fetch_optional(db).await
    }
}
