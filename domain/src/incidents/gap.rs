use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// A time in which a level of a policy asks nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The policy.
    pub policy_id: String,
    /// Its level, from 1.
    pub level: i16,
    /// From when.
    pub since: DateTime<Utc>,
    /// Until when; where this is the end of what was looked at, maybe longer.
    pub until: DateTime<Utc>,
}

/// The parts of this time that no turn covers, in order. Turns may overlap, come in any order, and lack an end; one that ends
/// before it begins covers nothing.
pub fn gaps(
    turns: impl IntoIterator<Item = (DateTime<Utc>, Option<DateTime<Utc>>)>,
    (since, until): (DateTime<Utc>, DateTime<Utc>),
) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let mut turns: Vec<_> = turns.into_iter().map(|(from, to)| (from, to.unwrap_or(until))).collect();
    turns.sort_unstable();
    let (mut covered, mut found) = (since, Vec::new());
    for (from, to) in turns.into_iter().filter(|(from, to)| to > from) {
        if from >= until {
            break;
        }
        if from > covered {
            found.push((covered, from));
        }
        covered = covered.max(to);
    }
    if covered < until {
        found.push((covered, until));
    }
    found
}

impl Gap {
    /// The gaps within this time of these policies, or else of all that a service in use names; by policy, level and begin.
    pub async fn of(
        db: impl PgExecutor<'_>,
        policies: Option<&[String]>,
        time: (DateTime<Utc>, DateTime<Utc>),
    ) -> sqlx::Result<Vec<Self>> {
        let rows = sqlx::query!(
            r#"select l.policy_id as "policy_id!", l.level as "level!", s.starts_at as "starts_at?", s.ends_at as "ends_at?"
             from (
                select distinct l.policy_id, l.level from incidents.level l
                join incidents.policy p on p.id = l.policy_id and p.gone_at is null
                where case when $1::text[] is null
                    then exists (select from incidents.service v
                        where v.policy_id = l.policy_id and v.gone_at is null and v.status <> 'disabled')
                    else l.policy_id = any($1) end
             ) l
             left join incidents.shift s on s.policy_id = l.policy_id and s.level = l.level
                and (s.ends_at is null or s.ends_at > $2) and s.starts_at < $3
             order by l.policy_id, l.level, s.starts_at"#,
            policies,
            time.0,
            time.1
        )
        .fetch_all(db)
        .await?;
        let levels = rows.chunk_by(|a, b| (&a.policy_id, a.level) == (&b.policy_id, b.level));
        let found = levels.flat_map(|level| {
            let turns = level.iter().filter_map(|it| Some((it.starts_at?, it.ends_at)));
            let whose = level.first().map(|it| (it.policy_id.clone(), it.level)).unwrap_or_default();
            gaps(turns, time).into_iter().map(move |(since, until)| Self {
                policy_id: whose.0.clone(),
                level: whose.1,
                since,
                until,
            })
        });
        Ok(found.collect())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_767_225_600, 0).expect("a moment") + TimeDelta::hours(hour)
    }

    fn of(turns: &[(i64, Option<i64>)]) -> Vec<(i64, i64)> {
        let turns = turns.iter().map(|(from, to)| (at(*from), to.map(at)));
        let hours = |it: DateTime<Utc>| (it - at(0)).num_hours();
        gaps(turns, (at(0), at(100))).into_iter().map(|(from, to)| (hours(from), hours(to))).collect()
    }

    #[test]
    fn what_no_turn_covers_is_a_gap() {
        assert_eq!(of(&[]), [(0, 100)], "nobody at all");
        assert_eq!(of(&[(-5, Some(50)), (60, Some(100))]), [(50, 60)]);
        assert_eq!(of(&[(-5, Some(50)), (50, Some(120))]), [], "one hands over to the next");
        assert_eq!(of(&[(10, Some(20))]), [(0, 10), (20, 100)]);
        assert_eq!(of(&[(-9, Some(-1)), (100, Some(200))]), [(0, 100)], "others were and will be on call, not now");
    }

    #[test]
    fn overlaps_and_turns_without_an_end_cover_once() {
        assert_eq!(of(&[(0, Some(60)), (10, Some(30)), (20, Some(40))]), [(60, 100)], "a short one within a long one");
        assert_eq!(of(&[(30, None), (0, Some(20))]), [(20, 30)]);
        assert_eq!(of(&[(-1000, None)]), []);
        assert_eq!(of(&[(50, Some(40)), (0, None)]), [], "what ends before it begins is nothing");
        assert_eq!(of(&[(50, Some(40))]), [(0, 100)]);
    }

    /// For any turns: each hour is in a gap or covered by a turn, never both; gaps are in order and apart.
    #[test]
    fn every_hour_is_either_covered_or_in_a_gap() {
        let mut seed = 7_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((seed >> 33) % below).expect("small")
        };
        for _ in 0..2_000 {
            let count = next(7);
            let turns: Vec<(i64, Option<i64>)> = (0..count)
                .map(|_| {
                    let from = next(140) - 20;
                    (from, (next(8) > 0).then(|| from + next(60)))
                })
                .collect();
            let found = of(&turns);
            for hour in 0..100 {
                let covered = turns.iter().any(|(from, to)| *from <= hour && to.is_none_or(|to| hour < to));
                let within = found.iter().any(|(from, to)| (*from..*to).contains(&hour));
                assert_ne!(covered, within, "hour {hour} of {turns:?}: {found:?}");
            }
            assert!(found.windows(2).all(|it| it[0].1 < it[1].0), "{found:?}");
        }
    }
}
