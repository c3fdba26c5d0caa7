//! Services, incidents and their logs: what differs from what is known goes into the inbox.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use console::pagerduty::{Log, State, What, delivery, entries, service};
use domain::delivery::{self, Arrived};
use domain::incidents::{Assignee, Incident, LogEntry, Moment, Part, Reading, Service};
use domain::tick::Tick;
use domain::{PgConnection, PgPool};
use integrations::pagerduty::{self as wire, Client, LogKind, PagerDutyError, Window};

use super::pagerduty::{Found, PagerDuty, Stop, held};

/// How far back the first reading goes; less where there is more than PagerDuty lists.
const SEED_HOURS: [i64; 4] = [7 * 24, 24, 6, 1];

/// Readings overlap by this, since an incident may be listed late.
const OVERLAP: TimeDelta = TimeDelta::hours(1);

/// Incidents that are read one by one at a time.
const SINGLES: i64 = 200;

/// Logs that are read at a time: each is a call.
const LOGS: i64 = 100;

/// Entries of a log that are compared.
const ENTRIES: i64 = 5_000;

/// Events of one statement.
const BATCH: usize = 200;

pub(super) async fn services(pagerduty: &PagerDuty, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let read_at = pagerduty.moment()?;
    let moment = Moment { read_at, updated_at: None };
    let found = pagerduty.client.services().await?;
    let ids: Vec<String> = found.iter().map(|it| it.id.clone()).collect();
    let mut transaction = held(db, tick).await?;
    let known = Service::present(&mut *transaction).await?;
    let known: HashMap<&str, &Service> = known.iter().map(|it| (it.id.as_str(), it)).collect();
    let differing = found.iter().filter(|it| known.get(it.id.as_str()) != Some(&&service(it)));
    let differing = differing.map(|it| told((What::Service, &it.id), moment, it)).collect::<Result<Vec<_>, _>>()?;
    let mut changed = store(&mut transaction, differing).await?;
    if !ids.is_empty() {
        changed += Service::keep_only(&mut *transaction, &ids, read_at).await?;
    }
    pagerduty.read_whole(transaction, Part::Services, read_at).await?;
    Ok(Found { read: found.len(), changed })
}

pub(super) async fn incidents(pagerduty: &PagerDuty, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let read_at = pagerduty.moment()?;
    let since = Reading::of(db, Part::Incidents).await?.and_then(|it| it.moment).map(|it| it - OVERLAP);
    let unsettled = Incident::unsettled(db, SINGLES).await?;
    let found = gather(&pagerduty.client, (since, read_at), &unsettled).await?;
    let mut transaction = held(db, tick).await?;
    let known = known(&mut transaction, found.keys().chain(&unsettled)).await?;
    let mut differing = Vec::new();
    for it in found.values().chain(&lost(&known, &found, &unsettled)) {
        let moment = Moment { read_at, updated_at: it.updated_at };
        if differs(it, moment, known.get(&it.id)) {
            differing.push(told((What::Incident, &it.id), moment, it)?);
        }
    }
    let changed = store(&mut transaction, differing).await?;
    pagerduty.read_whole(transaction, Part::Incidents, read_at).await?;
    Ok(Found { read: found.len(), changed })
}

/// All that are open, those that began lately, and those of which we must know.
async fn gather(
    client: &Client,
    (since, read_at): (Option<DateTime<Utc>>, DateTime<Utc>),
    unsettled: &[String],
) -> Result<BTreeMap<String, wire::Incident>, PagerDutyError> {
    let mut found = began(client, since, read_at).await?;
    found.extend(client.open_incidents().await?);
    let mut found: BTreeMap<String, wire::Incident> = found.into_iter().map(|it| (it.id.clone(), it)).collect();
    for id in unsettled.iter().filter(|it| is_word(it)) {
        if !found.contains_key(id) {
            match client.incident(id).await {
                Ok(it) => drop(found.insert(id.clone(), it)),
                Err(PagerDutyError::Gone) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(found)
}

/// An id that can be asked for: what events name may be anything.
fn is_word(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|it| it.is_ascii_alphanumeric())
}

async fn began(
    client: &Client,
    since: Option<DateTime<Utc>>,
    read_at: DateTime<Utc>,
) -> Result<Vec<wire::Incident>, PagerDutyError> {
    let until = read_at + TimeDelta::minutes(5);
    for hours in SEED_HOURS {
        let earliest = read_at - TimeDelta::hours(hours);
        let window = Window { since: since.map_or(earliest, |it| it.max(earliest)), until };
        match client.incidents(window).await {
            Err(PagerDutyError::TooMany(_)) => {}
            answer => return answer,
        }
    }
    tracing::warn!("PagerDuty has more incidents of the last hour than it lists; only open ones are read");
    Ok(Vec::new())
}

/// What is known of an incident, and whom it asks.
type Known = HashMap<String, (Incident, Vec<String>)>;

async fn known(db: &mut PgConnection, ids: impl Iterator<Item = &String>) -> sqlx::Result<Known> {
    let ids: Vec<String> = ids.cloned().collect();
    let found = Incident::with_ids(&mut *db, &ids).await?;
    let mut known: Known = found.into_iter().map(|it| (it.id.clone(), (it, Vec::new()))).collect();
    for (incident, member) in Assignee::ids_of(&mut *db, &ids).await? {
        if let Some((_, asked)) = known.get_mut(&incident) {
            asked.push(member);
        }
    }
    Ok(known)
}

fn differs(it: &wire::Incident, moment: Moment, known: Option<&(Incident, Vec<String>)>) -> bool {
    let Some((known, asked)) = known else { return true };
    // What cannot be understood is told, so that it is seen among the events that cannot.
    State::read(it, moment, "").map_or(true, |it| moment.decides(known.source_at) && !it.same(known, asked))
}

/// Incidents that we take for open and PagerDuty no longer has: they are over.
fn lost(known: &Known, found: &BTreeMap<String, wire::Incident>, unsettled: &[String]) -> Vec<wire::Incident> {
    let gone = unsettled.iter().filter(|it| !found.contains_key(*it)).filter_map(|it| known.get(it));
    gone.map(|(it, _)| wire::Incident {
        id: it.id.clone(),
        incident_number: u64::try_from(it.number).unwrap_or_default(),
        title: it.title.clone(),
        status: wire::Status::Resolved,
        urgency: wire::Urgency::Unknown(it.urgency.as_str().into()),
        html_url: it.url.clone(),
        created_at: Some(it.created_at),
        ..wire::Incident::default()
    })
    .collect()
}

pub(super) async fn logs(pagerduty: &PagerDuty, db: &PgPool, tick: &Tick) -> Result<Found, Stop> {
    let read_at = pagerduty.moment()?;
    let due = Incident::log_due(db, LOGS).await?;
    let mut read = Vec::new();
    for id in due.iter().filter(|it| is_word(it)) {
        match pagerduty.client.log(id).await {
            Ok(entries) => read.push((id, entries)),
            Err(PagerDutyError::Gone) => read.push((id, Vec::new())),
            Err(error) => return Err(error.into()),
        }
    }
    let mut transaction = held(db, tick).await?;
    let mut differing = Vec::new();
    for (id, mut of) in read {
        of.retain(|it| it.kind != LogKind::Notify);
        let known = LogEntry::of(&mut *transaction, id, ENTRIES).await?;
        if entries(&of).iter().any(|it| !known.iter().any(|known| known.tells(it))) {
            let log = Log { incident: id.clone(), entries: of };
            differing.push(told((What::Log, id), Moment { read_at, updated_at: None }, &log)?);
        }
    }
    let changed = store(&mut transaction, differing).await?;
    Incident::log_read(&mut *transaction, &due, read_at).await?;
    pagerduty.read_whole(transaction, Part::Logs, read_at).await?;
    Ok(Found { read: due.len(), changed })
}

fn told(of: (What, &str), moment: Moment, body: &impl serde::Serialize) -> anyhow::Result<Arrived> {
    Ok(delivery(of, moment, body, Utc::now())?)
}

/// Puts events into the inbox, in the order of their keys.
async fn store(db: &mut PgConnection, mut events: Vec<Arrived>) -> sqlx::Result<u64> {
    events.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    let mut stored = 0;
    for some in events.chunks(BATCH) {
        stored += delivery::store(&mut *db, &some.iter().collect::<Vec<_>>()).await?;
    }
    Ok(stored)
}
