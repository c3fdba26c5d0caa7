//! A storm of incidents while Slack takes nothing for minutes and replicas are killed: the channel gets few messages, and
//! everybody who is asked is told of each, once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{SecondsFormat, Utc};
use integrations::fake::slack::{Entry, Slack, Trouble, When};
use serde_json::json;
use sqlx::PgPool;

use super::slack::{Workspace, channel, logins};
use super::{Ground, Size, Tally, applied, pager};
use crate::common::people;

/// What happens to each incident, one after the other.
const HISTORY: [&str; 4] = ["triggered", "priority_updated", "acknowledged", "resolved"];

/// Services that the incidents are about.
const SERVICES: usize = 40;

/// Incidents that tell at a time.
const AT_ONCE: usize = 12;

/// Within this time all of the large storm is told.
const STORM: Duration = Duration::from_secs(60);

/// Messages of a channel that stand for themselves, at the most.
const FEW: usize = 20;

/// How long everything may take to arrive once Slack takes messages again: one a second in each room.
const PATIENCE: Duration = Duration::from_secs(180);

/// Everybody of the workspace is known to PagerDuty, and so are the services and their policies.
const SEED: &str = "
    insert into incidents.member (id, name, time_zone, source_at)
    select 'M' || name, display_name, 'Europe/Berlin', now() from org.person;
    insert into auth.account (id, person_id, platform, tenant, external_id, proof)
    select gen_random_uuid(), id, 'pagerduty', '', 'M' || name, 'directory attribute' from org.person;
    insert into incidents.policy (id, name, source_at) select 'E' || n, 'Policy ' || n, now() from generate_series(0, 39) n;
    insert into incidents.service (id, name, status, policy_id, source_at)
    select 'S' || n, 'Service ' || n, 'active', 'E' || n, now() from generate_series(0, 39) n";

/// Who is asked to deal with an incident.
fn asked(incident: usize) -> String {
    logins().nth(incident % logins().count()).expect("somebody")
}

fn event(incident: usize, nth: usize) -> Vec<u8> {
    let now = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    let status = HISTORY[nth];
    let member = json!({ "id": format!("M{}", asked(incident)), "type": "user_reference", "summary": asked(incident) });
    let service = incident % SERVICES;
    json!({ "event": {
        "id": format!("01S-{incident:04}-{nth}"), "event_type": format!("incident.{status}"), "resource_type": "incident",
        "occurred_at": now, "agent": member, "client": null,
        "data": {
            "id": format!("Q{incident:04}"), "type": "incident", "number": incident + 1,
            "status": if nth < 2 { "triggered" } else { status }, "title": format!("Host {incident} is down"),
            "incident_key": format!("host-{incident}"), "created_at": now, "html_url": "https://pager.example/incidents/1",
            "service": { "id": format!("S{service}"), "type": "service_reference", "summary": "a service" },
            "assignees": if nth < 3 { json!([member]) } else { json!([]) }, "teams": [],
            "escalation_policy": { "id": format!("E{service}"), "type": "escalation_policy_reference", "summary": "a policy" },
            "priority": null, "urgency": "high", "conference_bridge": null, "resolve_reason": null,
        },
    }})
    .to_string()
    .into_bytes()
}

/// Tells all events, the larger storm at the pace that fills its time, and kills replicas meanwhile.
async fn storm(ground: &Ground, size: Size) {
    let (client, kills) = (pager::client(), size.kills.min(4));
    let pace = if size.incidents < 500 { Duration::ZERO } else { STORM / (size.incidents / AT_ONCE) as u32 / 4 };
    let teller = |number: usize| {
        let client = &client;
        async move {
            for incident in (number..size.incidents).step_by(AT_ONCE) {
                for nth in 0..HISTORY.len() {
                    pager::tell(client, ground, (incident + nth, &event(incident, nth))).await;
                    tokio::time::sleep(pace).await;
                }
            }
        }
    };
    let blows = async {
        for blow in 0..kills {
            tokio::time::sleep(pace * 20 + Duration::from_millis(300)).await;
            ground.kill(blow).await;
        }
    };
    tokio::join!(futures::future::join_all((0..AT_ONCE).map(teller)), blows);
}

/// Waits until a query counts nothing.
async fn until_none(db: &PgPool, count: &'static str) {
    let emptied = async {
        while sqlx::query_scalar(count).fetch_one(db).await.unwrap_or(1_i64) > 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, emptied).await.unwrap_or_else(|_| panic!("in vain: {count}"));
}

/// What is posted, room by room.
fn rooms(slack: &Slack) -> BTreeMap<String, Vec<Entry>> {
    let mut rooms: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for it in slack.transcript() {
        rooms.entry(it.channel.clone()).or_default().push(it);
    }
    rooms
}

/// Numbers of the incidents that a message names.
fn named(entry: &Entry) -> BTreeSet<usize> {
    let text = entry.message().expect("a message").to_string();
    text.split('#').skip(1).filter_map(|it| it.split(|it: char| !it.is_ascii_digit()).next()?.parse().ok()).collect()
}

/// How often each message of ours was posted, by its id.
fn posted(slack: &Slack) -> BTreeMap<String, usize> {
    let mut posted = BTreeMap::new();
    for entry in slack.transcript() {
        let message = entry.message().expect("a message");
        let id = message["metadata"]["event_payload"]["id"].as_str().expect("an id").to_string();
        *posted.entry(id).or_default() += 1;
    }
    posted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_is_few_messages_a_channel_and_everybody_who_is_asked_is_told_of_each() {
    let size = Size::chosen();
    let workspace = Workspace::open(1).await;
    let prepare = async |db: &PgPool| {
        people(db, &logins().collect::<Vec<_>>().join("\n")).await;
        sqlx::raw_sql(SEED).execute(db).await.expect("what PagerDuty told");
    };
    let config = format!("[incidents]\nchannel = \"#{}\"\n", channel(0).to_lowercase());
    let furnish = |_, program| pager::furnish(workspace.furnish(program)).config(&config);
    let ground = Ground::with(2, prepare, furnish).await;
    workspace.slack.trouble("chat.postMessage", Trouble::Limited(Duration::from_secs(size.pause)), When::Before, 3);
    storm(&ground, size).await;
    tokio::time::timeout(PATIENCE, async {
        while applied::pending(&ground.db).await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .expect("everything is applied in the end");
    tokio::time::sleep(Duration::from_secs(3 * size.pause)).await;
    until_none(&ground.db, "select count(*) from notify.message where state = 'waiting'").await;

    let rooms = rooms(&workspace.slack);
    let alone = |it: &&Entry| it.message().is_some_and(|it| it.get("thread_ts").is_none());
    let top = rooms[&channel(0)].iter().filter(alone).count();
    let mut tally = Tally::default();
    for incident in 0..size.incidents {
        tally.attempted.insert(format!("{} #{}", asked(incident), incident + 1));
    }
    tally.acknowledged = tally.attempted.clone();
    for login in logins() {
        let room = format!("D{}", login.to_uppercase());
        let all = rooms.get(&room).into_iter().flatten().flat_map(named).collect::<BTreeSet<_>>();
        tally.found.extend(all.into_iter().map(|it| (format!("{login} #{it}"), 1)));
    }
    let twice = posted(&workspace.slack).into_values().filter(|it| *it > 1).count();
    let feared = "select coalesce(sum(unsettled), 0) from notify.message";
    let feared: i64 = sqlx::query_scalar(feared).fetch_one(&ground.db).await.expect("a number");
    let dead = "select count(*) from notify.message where state = 'dead'";
    let dead: i64 = sqlx::query_scalar(dead).fetch_one(&ground.db).await.expect("a number");
    let calls = workspace.slack.calls("chat.postMessage");
    println!(
        "{} events of {} incidents, {} replicas killed, Slack shut three times for {} s: {top} messages in the channel, {} to people, {calls} calls to post, {twice} came twice, {feared} feared\n{tally}",
        size.incidents * HISTORY.len(),
        size.incidents,
        size.kills.min(4),
        size.pause,
        rooms.iter().filter(|it| it.0.starts_with('D')).map(|it| it.1.len()).sum::<usize>(),
    );
    assert!(top <= FEW, "{top} messages in the channel");
    assert!(tally.lost().is_empty() && tally.unexpected().is_empty(), "{:?} {:?}", tally.lost(), tally.unexpected());
    assert!(dead == 0 && twice as i64 <= feared, "{dead} reached nobody");
    // Of a thousand messages one may come twice, and never unnoticed.
    assert!(twice * 1000 <= size.incidents.max(1000), "{twice} came twice");
    ground.close().await;
}
