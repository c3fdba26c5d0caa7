//! Which messages tell of which incidents.

use std::collections::HashMap;

use sqlx::PgExecutor;

pub use super::opening::Opening;

/// A message takes incidents up for at most so long, however the storm goes on: then it is said anew.
const LONGEST_SECONDS: f64 = 60.0 * 60.0;

/// A message that tells of so many incidents takes no more up: it is drawn again with each of them, from all of them.
const MOST: i64 = 500;

/// Incidents of one answer in a thread; more go into the next one, so that each is named.
pub const REPLY: i64 = 10;

/// A message about incidents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// Key of the message.
    pub key: String,
    /// Where it goes first, as destinations are stored.
    pub place: String,
    /// Key of the message that it answers.
    pub thread_of: Option<String>,
    /// Who is asked by it; nobody for a message to a channel.
    pub member_id: Option<String>,
    /// Whether it may tell of more than one incident.
    pub many: bool,
}

/// A message that could take one more incident up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    /// Key of the message.
    pub key: String,
    /// Where it goes.
    pub place: String,
    /// Service of the incident for which it was put.
    pub service_id: String,
    /// Policy of that incident.
    pub policy_id: Option<String>,
    /// Whether that was urgent.
    pub urgent: bool,
}

/// An answer below a message that nobody took to send yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Key of the message that it answers.
    pub head: String,
    /// Its own key.
    pub key: String,
    /// How many more incidents it has room for.
    pub room: i64,
}

/// How often somebody was told of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Who; nobody for the channel.
    pub member_id: Option<String>,
    /// By how many messages.
    pub messages: i64,
    /// Whether one of them was urgent.
    pub urgent: bool,
}

/// Holds places until the transaction ends: nobody else puts a new message there meanwhile.
pub async fn hold(db: impl PgExecutor<'_>, places: &[String]) -> sqlx::Result<()> {
    let mut places = places.to_vec();
    // In one order, so that two transactions cannot wait for each other.
    places.sort_unstable();
    places.dedup();
    sqlx::query!(
        "insert into incidents.place as p (name) select unnest($1::text[])
         -- Held, and not written: a storm would leave a dead row for each event.
         on conflict (name) do update set pings = p.pings where false",
        &places
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Holds the messages that tell of these incidents, and those with these keys, until the transaction ends: in the one order in
/// which all hold them.
pub async fn hold_messages(db: impl PgExecutor<'_>, incidents: &[String], keys: &[String]) -> sqlx::Result<()> {
    sqlx::query!(
        "select from incidents.ping
         where key = any(array(select key from incidents.pinged where incident_id = any($1)) || $2::text[])
         order by thread_of is not null, key for update",
        incidents,
        keys
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Notes that incidents ended: what comes soon is taken for the same as what their messages tell of.
pub async fn touch(db: impl PgExecutor<'_>, incidents: &[String]) -> sqlx::Result<()> {
    if incidents.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "update incidents.ping set last_at = now()
         where key = any(array(select key from incidents.pinged where incident_id = any($1)))
            and thread_of is null and last_at < now()",
        incidents
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The newest messages that are known for these signs at these places (place, sign): what has the same sign comes again.
pub async fn known_by(
    db: impl PgExecutor<'_>,
    signs: &[(String, String)],
) -> sqlx::Result<HashMap<(String, String), String>> {
    let (places, words): (Vec<&str>, Vec<&str>) = signs.iter().map(|it| (it.0.as_str(), it.1.as_str())).unzip();
    let rows = sqlx::query!(
        // A row a pair, so that each is looked up: a place that had a storm has thousands.
        "select s.place, s.sign, s.key from unnest($1::text[], $2::text[]) wanted (place, sign)
         cross join lateral (select * from incidents.sign s where s.place = wanted.place and s.sign = wanted.sign offset 0) s",
        &places as &[&str],
        &words as &[&str]
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|it| ((it.place, it.sign), it.key)).collect())
}

impl Ping {
    /// The messages that tell of each of these incidents, the channel's and people's own before answers.
    pub async fn of(db: impl PgExecutor<'_>, incidents: &[String]) -> sqlx::Result<HashMap<String, Vec<Self>>> {
        let rows = sqlx::query!(
            "select t.incident_id, p.key, p.place, p.thread_of, p.member_id, p.many
             from unnest($1::text[]) one (id)
             cross join lateral (select * from incidents.pinged where incident_id = one.id offset 0) t
             cross join lateral (select * from incidents.ping where key = t.key offset 0) p
             order by p.thread_of is not null, p.key",
            incidents
        );
        let mut found: HashMap<String, Vec<Self>> = HashMap::new();
        for it in rows.fetch_all(db).await? {
            let (key, place, thread_of) = (it.key, it.place, it.thread_of);
            let ping = Self { key, place, thread_of, member_id: it.member_id, many: it.many };
            found.entry(it.incident_id).or_default().push(ping);
        }
        Ok(found)
    }
}

impl Unsent {
    /// The last answer below each of these messages, where nobody took it to send yet and it has room.
    pub async fn below(db: impl PgExecutor<'_>, heads: &[String]) -> sqlx::Result<Vec<Self>> {
        if heads.is_empty() {
            return Ok(Vec::new());
        }
        sqlx::query_as!(
            Self,
            r#"select head.key as "head!", last.key, $2 - last.told as "room!"
             from unnest($1::text[]) head (key) cross join lateral (
                select p.key, told.count as told from incidents.ping p join notify.message m on m.key = p.key
                cross join lateral (select count(*) from incidents.pinged t where t.key = p.key) told
                where p.thread_of = head.key and m.state = 'waiting' and m.ts is null and m.unsure_since is null
                    and told.count < $2
                order by p.opened_at desc limit 1
             ) last"#,
            heads,
            REPLY
        )
        .fetch_all(db)
        .await
    }
}

impl Told {
    /// Who was told of each of these incidents.
    pub async fn of(db: impl PgExecutor<'_>, incidents: &[String]) -> sqlx::Result<HashMap<String, Vec<Self>>> {
        let mut found: HashMap<String, Vec<Self>> = HashMap::new();
        if incidents.is_empty() {
            return Ok(found);
        }
        let rows = sqlx::query!(
            r#"select t.incident_id, p.member_id, count(*) as "messages!", bool_or(p.urgent) as "urgent!"
             from incidents.pinged t cross join lateral (select * from incidents.ping where key = t.key offset 0) p
             where t.incident_id = any($1) group by t.incident_id, p.member_id"#,
            incidents
        );
        for it in rows.fetch_all(db).await? {
            let told = Self { member_id: it.member_id, messages: it.messages, urgent: it.urgent };
            found.entry(it.incident_id).or_default().push(told);
        }
        Ok(found)
    }
}

impl Recent {
    /// The messages that could take incidents up: at each of these places those that were at work within so many seconds, or
    /// tell of one of those that ended just now; the newest first, and none that is full.
    pub async fn at(db: impl PgExecutor<'_>, places: &[(String, f64)], ended: &[String]) -> sqlx::Result<Vec<Self>> {
        let (names, windows): (Vec<String>, Vec<f64>) = places.iter().cloned().unzip();
        sqlx::query_as!(
            Self,
            r#"select p.key as "key!", p.place as "place!", p.service_id as "service_id!", p.policy_id, p.urgent as "urgent!"
             from (
                select p.* from unnest($1::text[], $2::float8[]) at (place, seconds) cross join lateral (
                    select * from incidents.ping p where p.place = at.place and p.thread_of is null
                        and p.last_at > now() - make_interval(secs => at.seconds) offset 0
                ) p
                union
                select p.* from incidents.ping p
                where p.key = any(array(select key from incidents.pinged where incident_id = any($3)))
                    and p.place = any($1) and p.thread_of is null
             ) p
             where p.opened_at > now() - make_interval(secs => $4)
                and not (p.many and (select count(*) from (select from incidents.pinged t where t.key = p.key limit $5) t) >= $5)
             order by p.opened_at desc, p.key desc"#,
            &names,
            &windows,
            ended,
            LONGEST_SECONDS,
            MOST
        )
        .fetch_all(db)
        .await
    }
}
