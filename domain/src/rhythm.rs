//! When people work and rest, and where they live.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::account::Platform;
use crate::preference::Defaults;
use crate::quiet::Quiet;
use crate::working::{Days, Hours, WorkingHours};

/// How it is known in which zone somebody lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// They said so.
    Said,
    /// Slack or PagerDuty has it.
    Seen(Platform),
    /// Nothing tells: it is that of the organisation.
    Assumed,
}

/// When somebody works and rests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rhythm {
    /// When and where they work.
    pub working: WorkingHours,
    /// When they want to be left alone.
    pub quiet: Quiet,
    /// How their zone is known.
    pub zone: Known,
    /// What they said themselves.
    pub own: Own,
}

/// What somebody says of when they work and rest; the rest is as the organisation has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Where they live.
    pub zone: Option<Tz>,
    /// From when to when they work.
    pub hours: Option<Hours>,
    /// On which days.
    pub days: Option<Days>,
    /// When they want to be left alone.
    pub quiet: Option<Quiet>,
}

impl Rhythm {
    /// That of these people; of everybody else it is [`Rhythm::usual`].
    pub async fn of(
        db: impl PgExecutor<'_>,
        defaults: &Defaults,
        people: &[Uuid],
    ) -> sqlx::Result<HashMap<Uuid, Self>> {
        let rows = sqlx::query!(
            r#"select asked.id as "id!", r.zone, r.work_hours, r.work_days, r.quiet,
                (select zone from preferences.seen_zone s where s.person_id = asked.id and s.platform = 'slack') as slack,
                (select m.time_zone from auth.account a join incidents.member m on m.id = a.external_id
                    where a.person_id = asked.id and a.platform = 'pagerduty' and a.tenant = '' and m.time_zone is not null
                    order by a.proven_at desc limit 1) as pagerduty
             from unnest($1::uuid[]) asked (id) left join preferences.rhythm r on r.person_id = asked.id"#,
            people
        );
        let rows = rows.fetch_all(db).await?.into_iter().map(|it| {
            let own = Own {
                zone: read(it.zone.as_ref()),
                hours: read(it.work_hours.as_ref()),
                days: read(it.work_days.as_ref()),
                quiet: read(it.quiet.as_ref()),
            };
            (it.id, Self::joined(defaults, own, (read(it.slack.as_ref()), read(it.pagerduty.as_ref()))))
        });
        Ok(rows.collect())
    }

    /// That of one.
    pub async fn of_one(db: impl PgExecutor<'_>, defaults: &Defaults, person: Uuid) -> sqlx::Result<Self> {
        Ok(Self::of(db, defaults, &[person]).await?.remove(&person).unwrap_or_else(|| Self::usual(defaults)))
    }

    /// That of somebody of whom nothing is known.
    pub fn usual(defaults: &Defaults) -> Self {
        Self::joined(defaults, Own::default(), (None, None))
    }

    fn joined(defaults: &Defaults, own: Own, (slack, pagerduty): (Option<Tz>, Option<Tz>)) -> Self {
        let seen = slack.map(|it| (it, Known::Seen(Platform::Slack)));
        let seen = seen.or(pagerduty.map(|it| (it, Known::Seen(Platform::Pagerduty))));
        let said = own.zone.map(|it| (it, Known::Said)).or(seen);
        let (zone, known) = said.unwrap_or((defaults.working.zone, Known::Assumed));
        let hours = own.hours.unwrap_or(defaults.working.hours);
        let working = WorkingHours { zone, hours, days: own.days.unwrap_or(defaults.working.days) };
        Self { working, quiet: own.quiet.unwrap_or(defaults.quiet), zone: known, own }
    }

    /// When the quiet ends in which somebody is now; nothing where they are in none.
    pub fn quiet_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.quiet.until(&self.working, now)
    }
}

/// What a newer program wrote and we cannot read counts as not said.
fn read<T: std::str::FromStr>(text: Option<&String>) -> Option<T> {
    text?.parse().ok()
}

impl Own {
    /// Keeps what somebody says, in the place of what they said before.
    pub async fn keep(&self, db: impl PgExecutor<'_>, person: Uuid) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into preferences.rhythm (person_id, zone, work_hours, work_days, quiet) values ($1, $2, $3, $4, $5)
             on conflict (person_id) do update set zone = excluded.zone, work_hours = excluded.work_hours,
                work_days = excluded.work_days, quiet = excluded.quiet, chosen_at = now()",
            person,
            self.zone.map(|it| it.name().to_owned()),
            self.hours.map(|it| it.to_string()),
            self.days.map(|it| it.to_string()),
            self.quiet.map(|it| it.to_string())
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Keeps the zone in which a platform says that somebody is; one that no clock knows is nothing.
pub async fn seen(db: impl PgExecutor<'_>, person: Uuid, platform: Platform, zone: &str) -> sqlx::Result<()> {
    if zone.parse::<Tz>().is_err() {
        return Ok(());
    }
    sqlx::query!(
        "insert into preferences.seen_zone as it (person_id, platform, zone) values ($1, $2, $3)
         on conflict (person_id, platform) do update set zone = excluded.zone, seen_at = now() where it.zone <> excluded.zone",
        person,
        platform.as_str(),
        zone
    )
    .execute(db)
    .await?;
    Ok(())
}
