//! Which messages tell of which pull requests.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::preference::{Kind, Way};

/// A message about a pull request, for a person or for a team's channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Key of the message.
    pub key: String,
    /// GitHub's id of the pull request.
    pub pull_request_id: i64,
    /// Whom it is for.
    pub person_id: Option<Uuid>,
    /// The team of GitHub's for whose channel it is.
    pub team_id: Option<i64>,
    /// Whether the message was put; what many tell of at once is only listed.
    pub opened: bool,
    /// How many answers it has.
    pub answers: i32,
    /// What was said last, as whoever tells it keeps it.
    pub said: Option<Value>,
    /// How long ago that was, in seconds.
    pub age: f64,
    /// Key of the message that lists it with others.
    pub listed_in: Option<String>,
    /// Since when they want to hear nothing until somebody else does something.
    pub snoozed_at: Option<DateTime<Utc>>,
    /// When they said that it is not theirs to review.
    pub passed_at: Option<DateTime<Utc>>,
    /// Who got the review instead.
    pub passed_to: Option<Uuid>,
    /// Who passed the review to them.
    pub passed_by: Option<Uuid>,
}

impl Notice {
    /// The one that is to be for a person.
    pub fn to(pull_request_id: i64, person: Uuid) -> Self {
        Self { person_id: Some(person), ..Self::new(pull_request_id, format!("pull:{pull_request_id}:{person}")) }
    }

    /// The one that is to be for a team's channel.
    pub fn to_team(pull_request_id: i64, team: i64) -> Self {
        Self { team_id: Some(team), ..Self::new(pull_request_id, format!("pull:{pull_request_id}:team:{team}")) }
    }

    fn new(pull_request_id: i64, key: String) -> Self {
        Self {
            key,
            pull_request_id,
            person_id: None,
            team_id: None,
            opened: false,
            answers: 0,
            said: None,
            age: 0.0,
            listed_in: None,
            snoozed_at: None,
            passed_at: None,
            passed_to: None,
            passed_by: None,
        }
    }

    /// Those of a pull request, held until the transaction ends.
    pub async fn of(db: impl PgExecutor<'_>, pull_request: i64) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select key, pull_request_id, person_id, team_id, opened, answers, said,
                extract(epoch from now() - told_at)::float8 as "age!", listed_in, snoozed_at, passed_at, passed_to, passed_by
             from github.notice where pull_request_id = $1 order by key for update"#,
            pull_request
        )
        .fetch_all(db)
        .await
    }

    /// Writes them; `told` are the keys of those whose readers are told something now.
    pub async fn write(db: impl PgExecutor<'_>, notices: &[Self], told: &[String]) -> sqlx::Result<()> {
        let row = |it: &Self| {
            json!({ "key": it.key, "pull_request_id": it.pull_request_id, "person_id": it.person_id, "team_id": it.team_id,
                "opened": it.opened, "answers": it.answers, "said": it.said, "listed_in": it.listed_in,
                "snoozed_at": it.snoozed_at, "passed_at": it.passed_at, "passed_to": it.passed_to,
                "passed_by": it.passed_by })
        };
        sqlx::query!(
            "insert into github.notice (key, pull_request_id, person_id, team_id, opened, answers, said, listed_in, snoozed_at,
                passed_at, passed_to, passed_by)
             select * from jsonb_to_recordset($1) as t (key text, pull_request_id int8, person_id uuid, team_id int8, opened bool,
                answers int4, said jsonb, listed_in text, snoozed_at timestamptz, passed_at timestamptz, passed_to uuid,
                passed_by uuid)
             on conflict (key) do update set opened = excluded.opened, answers = excluded.answers, said = excluded.said,
                listed_in = excluded.listed_in, snoozed_at = excluded.snoozed_at, passed_at = excluded.passed_at,
                passed_to = excluded.passed_to, passed_by = excluded.passed_by,
                told_at = case when notice.key = any($2) then now() else notice.told_at end",
            Value::Array(notices.iter().map(row).collect()),
            told
        )
        .execute(db)
        .await?;
        Ok(())
    }

    /// Forgets messages that nobody got.
    pub async fn forget(db: impl PgExecutor<'_>, keys: &[String]) -> sqlx::Result<()> {
        sqlx::query!("delete from github.notice where key = any($1)", keys).execute(db).await?;
        Ok(())
    }

    /// Of somebody: of which of these pull requests they want to hear nothing for now, or said that it is not theirs.
    pub async fn put_aside(
        db: impl PgExecutor<'_>,
        person: Uuid,
        pull_requests: &[i64],
    ) -> sqlx::Result<HashMap<i64, Aside>> {
        let rows = sqlx::query!(
            r#"select pull_request_id, passed_at is not null as "passed!" from github.notice
             where person_id = $1 and pull_request_id = any($2) and (snoozed_at is not null or passed_at is not null)"#,
            person,
            pull_requests
        );
        let aside = |passed| if passed { Aside::Passed } else { Aside::Snoozed };
        Ok(rows.fetch_all(db).await?.into_iter().map(|it| (it.pull_request_id, aside(it.passed))).collect())
    }

    /// Whether somebody has to do with a pull request, as far as they were told of it or chose something about it; and whether they put it
    /// aside.
    pub async fn with(db: impl PgExecutor<'_>, person: Uuid, pull_request: i64) -> sqlx::Result<Option<Option<Aside>>> {
        let row = sqlx::query!(
            r#"select snoozed_at is not null as "snoozed!", passed_at is not null as "passed!" from github.notice
             where person_id = $1 and pull_request_id = $2"#,
            person,
            pull_request
        );
        let aside = |snoozed: bool, passed: bool| match (passed, snoozed) {
            (true, _) => Some(Aside::Passed),
            (false, true) => Some(Aside::Snoozed),
            (false, false) => None,
        };
        Ok(row.fetch_optional(db).await?.map(|it| aside(it.snoozed, it.passed)))
    }
}

/// Why somebody need not see a pull request among those that wait for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// They want to hear nothing until somebody else does something.
    Snoozed,
    /// They said that it is not theirs to review.
    Passed,
}

/// What somebody was told a moment ago.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recent {
    /// Of how many pull requests.
    pub told: i64,
    /// Key of the message that lists what came thick and fast.
    pub list: Option<String>,
}

/// Of how many pull requests these people were told within so many minutes.
pub async fn recent(db: impl PgExecutor<'_>, people: &[Uuid], minutes: i32) -> sqlx::Result<HashMap<Uuid, Recent>> {
    let rows = sqlx::query!(
        r#"select person_id as "person_id!", count(*) as "told!",
            (array_agg(listed_in order by told_at desc) filter (where listed_in is not null))[1] as list
         from github.notice where person_id = any($1) and told_at > now() - make_interval(mins => $2) group by person_id"#,
        people,
        minutes
    );
    let recent = rows.fetch_all(db).await?.into_iter();
    Ok(recent.map(|it| (it.person_id, Recent { told: it.told, list: it.list })).collect())
}

/// A pull request in a list of many.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// owner/name#number.
    pub reference: String,
    /// What it does.
    pub title: String,
    /// Its page at GitHub.
    pub url: Option<String>,
    /// What was said of it.
    pub said: Option<Value>,
}

/// What a message lists, the newest first, and of how many it tells.
pub async fn listed(db: impl PgExecutor<'_>, list: &str, limit: i64) -> sqlx::Result<(Vec<Listed>, i64)> {
    let rows = sqlx::query!(
        r#"select coalesce(r.name, 'repository ' || p.repository_id) || '#' || p.number as "reference!", p.title, p.url, n.said,
            count(*) over () as "all!"
         from github.notice n join github.pull_request p on p.id = n.pull_request_id
         left join github.repository r on r.id = p.repository_id
         where n.listed_in = $1 order by n.told_at desc, n.key limit $2"#,
        list,
        limit
    );
    let rows = rows.fetch_all(db).await?;
    let all = rows.first().map_or(0, |it| it.all);
    let listed = rows.into_iter();
    let listed = listed.map(|it| Listed { reference: it.reference, title: it.title, url: it.url, said: it.said });
    Ok((listed.collect(), all))
}

/// How each of these people chose to get which kinds of messages; of what they said nothing, there is nothing.
pub async fn choices(db: impl PgExecutor<'_>, people: &[Uuid]) -> sqlx::Result<HashMap<(Uuid, Kind), Way>> {
    let rows = sqlx::query!("select person_id, kind, way from preferences.choice where person_id = any($1)", people);
    let rows = rows.fetch_all(db).await?.into_iter();
    Ok(rows.filter_map(|it| Some(((it.person_id, Kind::from_word(&it.kind)?), Way::from_word(&it.way)?))).collect())
}
