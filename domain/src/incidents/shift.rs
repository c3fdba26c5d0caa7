use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// A turn of somebody on one level of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The policy.
    pub policy_id: String,
    /// Its level, from 1.
    pub level: i16,
    /// The schedule that names them; none where the policy does itself.
    pub schedule_id: Option<String>,
    /// Whose turn it is.
    pub member_id: String,
    /// From when; for somebody whom the policy names itself, since when we know that.
    pub starts_at: DateTime<Utc>,
    /// Until when; for ever for somebody whom the policy names itself.
    pub ends_at: Option<DateTime<Utc>>,
}

/// Somebody on call, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnCall {
    /// The turn.
    pub shift: Shift,
    /// What PagerDuty calls them.
    pub name: String,
    /// IANA name of the zone that they live in, as PagerDuty has it.
    pub time_zone: Option<String>,
    /// The person of the directory, and their entity name.
    pub person: Option<(Uuid, String)>,
    /// What people call the schedule.
    pub schedule: Option<String>,
    /// Whether somebody took this turn over, and why, as far as they said.
    pub overrides: bool,
    /// Why they took it over.
    pub reason: Option<String>,
}

/// Which turns are asked for.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// Those of these policies.
    Policies(&'a [String]),
    /// Those of this schedule.
    Schedule(&'a str),
    /// Those of these members.
    Members(&'a [String]),
}

impl OnCall {
    /// The turns that overlap this time, by policy, level and begin.
    pub async fn during(
        db: impl PgExecutor<'_>,
        which: Which<'_>,
        (since, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> sqlx::Result<Vec<Self>> {
        let none: &[String] = &[];
        let (policies, schedule, members) = match which {
            Which::Policies(policies) => (policies, None, none),
            Which::Schedule(schedule) => (none, Some(schedule), none),
            Which::Members(members) => (none, None, members),
        };
        let rows = sqlx::query!(
            // Looked up one by one, with what belongs to each: joined in any other way, everybody is read for a few turns.
            r#"select s.policy_id as "policy_id!", s.level as "level!", s.schedule_id as "schedule_id!",
                s.member_id as "member_id!", s.starts_at as "starts_at!", s.ends_at,
                coalesce(m.name, s.member_id) as "name!", m.time_zone as "time_zone?", p.id as "person_id?",
                p.name as "person?", c.name as "schedule?", o.id is not null as "overrides!", o.reason as "reason?"
             from (
                select s.* from (select distinct unnest($1::text[]) as id) it cross join lateral (
                    select * from incidents.shift
                    where policy_id = it.id and (ends_at is null or ends_at > $4) and starts_at < $5 offset 0) s
                union all
                select * from incidents.shift
                where schedule_id = $2 and (ends_at is null or ends_at > $4) and starts_at < $5
                union all
                select s.* from (select distinct unnest($3::text[]) as id) it cross join lateral (
                    select * from incidents.shift
                    where member_id = it.id and (ends_at is null or ends_at > $4) and starts_at < $5 offset 0) s
             ) s
             left join lateral (select * from incidents.member where id = s.member_id offset 0) m on true
             left join lateral (select p.id, p.name from auth.account a
                cross join lateral (select * from org.person where id = a.person_id and left_at is null offset 0) p
                where a.platform = 'pagerduty' and a.tenant = '' and a.external_id = s.member_id offset 0) p on true
             left join lateral (select * from incidents.schedule where id = s.schedule_id offset 0) c on true
             left join lateral (select id, reason from incidents.override o
                where o.schedule_id = s.schedule_id and o.member_id = s.member_id and o.gone_at is null
                    and o.starts_at < coalesce(s.ends_at, 'infinity') and o.ends_at > s.starts_at
                order by o.starts_at limit 1) o on true
             order by s.policy_id, s.level, s.starts_at, s.schedule_id, s.member_id"#,
            policies,
            schedule,
            members,
            since,
            until
        );
        let found = rows.map(|it| Self {
            shift: Shift {
                policy_id: it.policy_id,
                level: it.level,
                schedule_id: Some(it.schedule_id).filter(|it| !it.is_empty()),
                member_id: it.member_id,
                starts_at: it.starts_at,
                ends_at: it.ends_at,
            },
            name: it.name,
            time_zone: it.time_zone,
            person: it.person_id.zip(it.person),
            schedule: it.schedule,
            overrides: it.overrides,
            reason: it.reason,
        });
        found.fetch_all(db).await
    }

    /// Who is on call at a moment, by policy and level.
    pub async fn at(db: impl PgExecutor<'_>, policies: &[String], at: DateTime<Utc>) -> sqlx::Result<Vec<Self>> {
        // Postgres keeps microseconds, so this is the moment itself.
        Self::during(db, Which::Policies(policies), (at, at + chrono::TimeDelta::microseconds(1))).await
    }
}

impl Shift {
    /// Makes the turns from `since` until `until` these, of all policies; what was before `since` stays as it was. Those that
    /// were under way and no longer are end at `since`. Says how many rows changed.
    pub async fn replace(
        db: &mut PgConnection,
        (since, until): (DateTime<Utc>, DateTime<Utc>),
        shifts: &[Self],
    ) -> sqlx::Result<u64> {
        let (mut ids, mut policies, mut levels) = (Vec::new(), Vec::new(), Vec::new());
        let (mut schedules, mut members, mut starts, mut ends) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for it in shifts {
            ids.push(Uuid::now_v7());
            policies.push(it.policy_id.clone());
            levels.push(it.level);
            schedules.push(it.schedule_id.clone().unwrap_or_default());
            members.push(it.member_id.clone());
            starts.push(it.starts_at);
            ends.push(it.ends_at);
        }
        let changed = sqlx::query!(
            "with told as (
                select distinct on (policy_id, level, schedule_id, member_id, starts_at) *
                from unnest($1::uuid[], $2::text[], $3::int2[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])
                    as t (id, policy_id, level, schedule_id, member_id, starts_at, ends_at)
                order by policy_id, level, schedule_id, member_id, starts_at, ends_at desc nulls first
            ), known as (
                select s.* from incidents.shift s where s.starts_at < $9 and (s.ends_at is null or s.ends_at > $8)
            ), same as (
                -- Somebody whom the policy names itself goes on since when we first knew it.
                select k.id, t.id as told, t.ends_at from known k join told t on t.policy_id = k.policy_id
                    and t.level = k.level and t.schedule_id = k.schedule_id and t.member_id = k.member_id
                    and (t.starts_at = k.starts_at or (k.ends_at is null and t.ends_at is null))
            ), moved as (
                update incidents.shift s set ends_at = same.ends_at from same
                where s.id = same.id and s.ends_at is distinct from same.ends_at returning 1
            ), cut as (
                update incidents.shift s set ends_at = $8 from known k
                where s.id = k.id and k.starts_at < $8 and k.id not in (select id from same) returning 1
            ), dropped as (
                delete from incidents.shift s using known k
                where s.id = k.id and k.starts_at >= $8 and k.id not in (select id from same) returning 1
            ), added as (
                insert into incidents.shift (id, policy_id, level, schedule_id, member_id, starts_at, ends_at, seen_at)
                select id, policy_id, level, schedule_id, member_id, starts_at, ends_at, now() from told
                where id not in (select told from same)
                on conflict on constraint shift_key do update set ends_at = excluded.ends_at
                where shift.ends_at is distinct from excluded.ends_at
                returning 1
            )
            select (select count(*) from moved) + (select count(*) from cut) + (select count(*) from dropped)
                + (select count(*) from added) as \"changed!\"",
            &ids,
            &policies,
            &levels,
            &schedules,
            &members,
            &starts,
            &ends as &[Option<DateTime<Utc>>],
            since,
            until
        );
        Ok(u64::try_from(changed.fetch_one(db).await?.changed).unwrap_or_default())
    }
}
