use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cards::Card;
use chrono::{DateTime, TimeDelta, Utc};
use console::notify::{self, Destination, Lane, Message};
use integrations::fake::slack::{Slack, Trouble, When};
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::slack::{Workspace, channel, logins};
use super::{Ground, Size, Tally, pauses};
use crate::common::people;

/// Every so many messages share a destination.
const EACH: usize = 12;

/// Messages that come to one channel at once.
const FLOOD: usize = 70;

/// Every so manieth is changed after a while.
const CHANGED: usize = 7;

/// Messages that are put in a second.
const PACE: u64 = 25;

/// Longer than a replica's lease of a destination.
const PAST_THE_LEASE: Duration = Duration::from_secs(11);

/// How long everything may take to arrive once nothing goes wrong any more.
const PATIENCE: Duration = Duration::from_secs(120);

/// A message as it is in the end.
fn said(number: usize) -> String {
    let changed = if number.is_multiple_of(CHANGED) { ", as it was changed" } else { "" };
    format!("Message {number:05}{changed}")
}

fn key(number: usize) -> String {
    format!("storm/{number:05}")
}

/// Where people and channels are.
struct Places {
    people: Vec<Uuid>,
    channels: usize,
}

impl Places {
    fn message(&self, number: usize, says: String) -> Message {
        let place = number % (self.channels + self.people.len());
        let destination = match self.people.get(place) {
            Some(person) => Destination::Person(*person),
            None => Destination::SlackChannel(channel(place - self.people.len())),
        };
        let lane = Lane::ALL[number / 5 % Lane::ALL.len()];
        Message::new(key(number), lane, destination, Card::new(says).text("Something happened."))
    }
}

/// Puts a message again and again until the database says that it has it.
async fn put(db: &PgPool, message: &Message) {
    while notify::put(db, message).await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn putting(db: &PgPool, places: &Places, count: usize, put_so_far: &AtomicUsize) {
    let mut pace = tokio::time::interval(Duration::from_millis(1000 / PACE));
    for number in 0..count + 2 * PACE as usize {
        pace.tick().await;
        if number < count {
            put(db, &places.message(number, format!("Message {number:05}"))).await;
        }
        // Two seconds later some say something else; where they were posted, that is an edit.
        if let Some(earlier) = number.checked_sub(2 * PACE as usize).filter(|it| it.is_multiple_of(CHANGED)) {
            put(db, &places.message(earlier, said(earlier))).await;
        }
        if number == count / 2 {
            for number in count..count + FLOOD {
                let destination = Destination::SlackChannel(channel(0));
                put(db, &Message::new(key(number), Lane::Update, destination, Card::new(said(number)))).await;
            }
        }
        put_so_far.store(number.min(count), Ordering::Relaxed);
    }
}

/// A moment somewhere in the next tenth of a second.
async fn some_moment() {
    tokio::time::sleep(Duration::from_millis((Uuid::new_v4().as_u128() % 100) as u64)).await;
}

/// Lets everything go wrong; tells when, for whoever looks for the reason of something.
async fn havoc(ground: &Ground, slack: &Slack, size: Size, put_so_far: &AtomicUsize) -> Vec<String> {
    let mut told = Vec::new();
    let blows = size.kills + size.crashes;
    for blow in 0..blows {
        while put_so_far.load(Ordering::Relaxed) < size.messages * (blow + 1) / (blows + 1) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        match (blow + 1) * size.crashes / blows > blow * size.crashes / blows {
            true => {
                told.push(format!("the database crashes at {}", Utc::now()));
                ground.crash().await;
            }
            false if blow % 3 == 1 => {
                let begun = Utc::now();
                ground.freeze(blow, PAST_THE_LEASE).await;
                told.push(format!("replica {} stood still from {begun} to {}", blow % 2, Utc::now()));
            }
            false => {
                // Slack has many calls in hand, done or not, whose answers nobody will hear.
                let when = if blow % 2 == 0 { When::After } else { When::Before };
                slack.trouble("chat.postMessage", Trouble::Slow(Duration::from_millis(500)), when, 8);
                some_moment().await;
                told.push(format!("replica {} is killed at {}", blow % 2, Utc::now()));
                ground.kill(blow).await;
            }
        }
    }
    told
}

/// What became of each message that was put: how often it was posted, how often that was known to be unsure, what it says.
struct Outcome {
    key: String,
    posted: Vec<String>,
    unsettled: i32,
    state: String,
    /// When each was posted.
    at: Vec<DateTime<Utc>>,
}

/// Every row with all that was posted of it; what was posted without a row comes as `None`.
async fn outcomes(db: &PgPool, slack: &Slack) -> (Vec<Outcome>, usize) {
    let mut posted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut times: BTreeMap<String, Vec<DateTime<Utc>>> = BTreeMap::new();
    for entry in slack.transcript() {
        let Some(message) = entry.message() else { continue };
        let id = message["metadata"]["event_payload"]["id"].as_str().expect("an id").to_string();
        // Notifications say as much as they have room for; what is drawn says all.
        times.entry(id.clone()).or_default().push(entry.at);
        posted.entry(id).or_default().push(message.to_string());
    }
    // One that came in a list has a message of its own only if it changed later.
    let query = "select m.id::text, m.bundle::text, m.key, m.unsettled + coalesce(list.unsettled, 0), m.state
        from notify.message m left join notify.message list on list.id = m.bundle";
    let rows = sqlx::query(query).fetch_all(db).await.expect("rows");
    let known: BTreeSet<String> = rows.iter().map(|it| it.get(0)).collect();
    let outcome = |row: sqlx::postgres::PgRow| {
        let (id, list): (String, Option<String>) = (row.get(0), row.get(1));
        let own = posted.get(&id);
        let posted = own.or_else(|| posted.get(&list?)).cloned().unwrap_or_default();
        let at = times.get(&id).cloned().unwrap_or_default();
        Outcome { key: row.get(2), posted, unsettled: row.get(3), state: row.get(4), at }
    };
    let outcomes = rows.into_iter().map(outcome).collect();
    (outcomes, posted.keys().filter(|it| !known.contains(*it)).count())
}

/// How often two messages came to one channel within a second of each other.
fn hasty(slack: &Slack) -> usize {
    let mut last: BTreeMap<String, DateTime<Utc>> = BTreeMap::new();
    let mut entries = slack.transcript();
    entries.retain(|it| it.message().is_some());
    let hasty = |it: &integrations::fake::slack::Entry| {
        let before = last.insert(it.channel.clone(), it.at);
        before.is_some_and(|before| it.at - before < TimeDelta::seconds(1))
    };
    entries.iter().map(hasty).filter(|it| *it).count()
}

async fn until_nothing_waits(db: &PgPool) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let waiting = "select count(*) from notify.message where state = 'waiting'";
        let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(db).await.unwrap_or(-1);
        if waiting == 0 {
            return;
        }
        assert!(Instant::now() < deadline, "{waiting} messages still wait");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_message_arrives_once_whatever_is_killed_and_whatever_slack_does() {
    let size = Size::chosen();
    let channels = size.messages / EACH - logins().count();
    let workspace = Workspace::open(channels).await;
    let prepare = async |db: &PgPool| {
        people(db, &logins().collect::<Vec<_>>().join("\n")).await;
        pauses::watch(db).await;
    };
    let ground = Ground::with(2, prepare, |_, program| workspace.furnish(program)).await;
    let people = sqlx::query_scalar("select id from org.person").fetch_all(&ground.db).await.expect("people");
    let places = Places { people, channels };
    let (put_so_far, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let begun = Instant::now();
    let storm = async {
        let ((), told) = tokio::join!(
            putting(&ground.db, &places, size.messages, &put_so_far),
            havoc(&ground, &workspace.slack, size, &put_so_far)
        );
        stop.store(true, Ordering::Relaxed);
        told
    };
    let (told, ()) = tokio::join!(storm, workspace.trouble(&stop));
    let calm = Instant::now();
    until_nothing_waits(&ground.db).await;
    let calm = calm.elapsed();

    let (mut outcomes, foreign) = outcomes(&ground.db, &workspace.slack).await;
    let all = outcomes.len();
    outcomes.retain(|it| !it.key.starts_with("bundle/"));
    let (lists, listed) = (all - outcomes.len(), outcomes.iter().filter(|it| it.state == "bundled").count());
    let keys: Vec<String> = (0..size.messages + FLOOD).map(key).collect();
    let mut tally = Tally { acknowledged: keys.iter().cloned().collect(), ..Tally::default() };
    tally.attempted = tally.acknowledged.clone();
    tally.found =
        outcomes.iter().filter(|it| !it.posted.is_empty()).map(|it| (it.key.clone(), it.posted.len())).collect();
    let doubled = outcomes.iter().filter(|it| it.posted.len() > 1);
    doubled.clone().for_each(|it| println!("{} came twice, unsettled {}: {:?}; {told:?}", it.key, it.unsettled, it.at));
    let unexplained = doubled.filter(|it| (it.unsettled as usize) < it.posted.len() - 1).count();
    let feared: i32 = outcomes.iter().map(|it| it.unsettled).sum();
    let stale = (0..size.messages + FLOOD).filter(|number| {
        let outcome = outcomes.iter().find(|it| it.key == key(*number));
        outcome.is_some_and(|it| !it.posted.iter().any(|it| it.contains(&said(*number))))
    });
    let stale: Vec<usize> = stale.collect();
    let pauses = pauses::count(&ground.db, &workspace.slack).await;
    let hasty = hasty(&workspace.slack);
    println!(
        "{} replicas killed or frozen, {} crashes of the database, {} calls to post, all there {calm:?} after the storm of {:?}\n\
         {tally}unexplained  {unexplained:>6}\nfeared       {feared:>6}\nout of date  {:>6}\ntogether     {listed:>6}  (in {lists} lists)\nwithin a second of another in its channel {hasty}\n{pauses}",
        size.kills,
        size.crashes,
        workspace.slack.calls("chat.postMessage"),
        begun.elapsed() - calm,
        stale.len(),
    );
    let odd: Vec<_> = outcomes
        .iter()
        .filter(|it| !["sent", "bundled"].contains(&it.state.as_str()))
        .map(|it| (&it.key, &it.state))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
    assert!(tally.lost().is_empty() && tally.unexpected().is_empty() && foreign == 0);
    assert!(tally.doubled().len() * 1000 <= size.messages && unexplained == 0, "{:?}", tally.doubled());
    assert!(stale.is_empty() && lists > 0, "{stale:?}");
    assert_eq!(pauses.broken, Vec::<String>::new());
    // What came twice came from somebody who stood still between leave and call, and no lease could hold that back.
    assert!(hasty <= tally.doubled().len(), "{hasty}");
    ground.close().await;
}
