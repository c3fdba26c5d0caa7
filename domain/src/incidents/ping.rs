//! Which messages tell of which incidents.

use sqlx::{PgConnection, PgExecutor};

use super::Incident;

/// A message takes incidents up for at most so long, however the storm goes on: then it is said anew.
const LONGEST_SECONDS: f64 = 60.0 * 60.0;

/// Incidents of one answer in a thread; more go into the next one, so that each is named.
const REPLY: i64 = 10;

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
    /// Whether it tells of the same thing, come again.
    pub again: bool,
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

/// What tells of an incident from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// New messages.
    pub new: Vec<Ping>,
    /// Keys of messages that take it up.
    pub joined: Vec<String>,
    /// By what it is known where it comes again, with the place and the key of the newest message about it.
    pub signs: Vec<(String, String, String)>,
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

impl Ping {
    /// The messages that tell of an incident, held until the transaction ends, in the one order in which all hold them.
    pub async fn of(db: impl PgExecutor<'_>, incident: &str) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select p.key, p.place, p.thread_of, p.member_id, p.many
             from incidents.pinged t join incidents.ping p on p.key = t.key
             where t.incident_id = $1 order by p.thread_of is not null, p.key for update of p",
            incident
        )
        .fetch_all(db)
        .await
    }

    /// The messages with these keys, which the caller holds.
    pub async fn with_keys(db: impl PgExecutor<'_>, keys: &[String]) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            "select key, place, thread_of, member_id, many from incidents.ping where key = any($1) order by key",
            keys
        )
        .fetch_all(db)
        .await
    }

    /// The last answer below a message, where nobody took it to send yet and it has room.
    pub async fn unsent_reply(db: impl PgExecutor<'_>, head: &str) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar!(
            "select p.key from incidents.ping p join notify.message m on m.key = p.key
             where p.thread_of = $1 and m.state = 'waiting' and m.ts is null and m.unsure_since is null
                and (select count(*) from incidents.pinged t where t.key = p.key) < $2
             order by p.opened_at desc limit 1",
            head,
            REPLY
        )
        .fetch_optional(db)
        .await
    }

    /// Notes that one of the incidents of these messages ended: what comes soon is taken for the same.
    pub async fn touch(db: impl PgExecutor<'_>, incident: &str) -> sqlx::Result<()> {
        sqlx::query!(
            "update incidents.ping p set last_at = now() from incidents.pinged t
             where t.incident_id = $1 and p.key = t.key and p.thread_of is null and p.last_at < now()",
            incident
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Told {
    /// Who was told of an incident.
    pub async fn of(db: impl PgExecutor<'_>, incident: &str) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select p.member_id, count(*) as "messages!", bool_or(p.urgent) as "urgent!"
             from incidents.pinged t join incidents.ping p on p.key = t.key where t.incident_id = $1 group by p.member_id"#,
            incident
        )
        .fetch_all(db)
        .await
    }
}

impl Recent {
    /// The messages that could take an incident up: at each of these places, those of its urgency that were at work within so
    /// many seconds, the newest first. By the signs it is known where it comes again.
    pub async fn at(
        db: impl PgExecutor<'_>,
        places: &[(String, f64)],
        urgent: bool,
        signs: &[String],
    ) -> sqlx::Result<Vec<Self>> {
        let (names, windows): (Vec<String>, Vec<f64>) = places.iter().cloned().unzip();
        sqlx::query_as!(
            Self,
            // The signs are looked up first: a message of a storm has thousands.
            r#"with known as materialized (
                select s.place, s.key from incidents.sign s where s.place = any($1) and s.sign = any($4)
             )
             select p.key, p.place, p.service_id, p.policy_id,
                exists (select from known k where k.place = p.place and k.key = p.key) as "again!"
             from unnest($1::text[], $2::float8[]) at (place, seconds)
             join incidents.ping p on p.place = at.place and p.thread_of is null
                and p.last_at > now() - make_interval(secs => at.seconds)
             where p.urgent = $3 and p.opened_at > now() - make_interval(secs => $5)
             order by p.opened_at desc, p.key desc"#,
            &names,
            &windows,
            urgent,
            signs,
            LONGEST_SECONDS
        )
        .fetch_all(db)
        .await
    }
}

impl Opening {
    /// Notes what tells of an incident. The caller holds the places.
    pub async fn write(&self, db: &mut PgConnection, incident: &Incident, urgent: bool) -> sqlx::Result<()> {
        let (mut keys, mut places) = (Vec::new(), Vec::new());
        let (mut threads, mut members) = (Vec::<Option<String>>::new(), Vec::<Option<String>>::new());
        for it in &self.new {
            keys.push(it.key.clone());
            places.push(it.place.clone());
            threads.push(it.thread_of.clone());
            members.push(it.member_id.clone());
        }
        let (mut at, mut signs, mut newest) = (Vec::new(), Vec::new(), Vec::new());
        for (place, sign, key) in &self.signs {
            at.push(place.clone());
            signs.push(sign.clone());
            newest.push(key.clone());
        }
        sqlx::query!(
            "with added as (
                insert into incidents.ping (key, incident_id, place, thread_of, member_id, service_id, policy_id, urgent)
                select key, $1, place, thread_of, member_id, $6, $7, $8
                from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as t (key, place, thread_of, member_id)
                on conflict (key) do nothing
             ), joined as (
                update incidents.ping set many = true, last_at = now() where (not many or last_at < now()) and key in (
                    select key from incidents.ping where key = any($9) order by thread_of is not null, key for update)
             ), known as (
                insert into incidents.sign as sign (place, sign, key)
                select distinct on (place, sign) * from unnest($10::text[], $11::text[], $12::text[]) as t (place, sign, key)
                on conflict (place, sign) do update set key = excluded.key where sign.key <> excluded.key
             )
             insert into incidents.pinged (incident_id, key) select $1, unnest($2::text[] || $9::text[]) on conflict do nothing",
            incident.id,
            &keys,
            &places,
            &threads as &[Option<String>],
            &members as &[Option<String>],
            incident.service_id,
            incident.policy_id,
            urgent,
            &self.joined,
            &at,
            &signs,
            &newest
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
