//! Every call of the client against the fake, each of which was written from PagerDuty's description by itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{TimeDelta, Utc};
use domain::pace::Quota;

use super::*;
use crate::Pace;
use crate::fake::World;
use crate::fake::pagerduty::{Level, PagerDuty, PagerPolicy, PagerSchedule, PagerService, PagerUser};

async fn company() -> (World, PagerDuty, Client) {
    let world = World::start().await.unwrap();
    let pagerduty = world.pagerduty();
    pagerduty.user(PagerUser::new("PADA", "Ada Byron", "Ada@pin.example"));
    pagerduty.user(PagerUser::new("PBOB", "Bob Kahn", "bob@pin.example"));
    pagerduty.user(PagerUser::new("PEVE", "Eve", "not-ada@pin.example"));
    let began = Utc::now() - TimeDelta::hours(1);
    pagerduty.schedule(PagerSchedule::new("PSCH1", "Payments primary").shift(began, 12, "PADA"));
    let levels = vec![Level::schedules(&["PSCH1"]), Level::users(&["PBOB"])];
    pagerduty.policy(PagerPolicy::new("PPOL1", "Payments", levels));
    pagerduty.policy(PagerPolicy::new("PPOL2", "Everybody", vec![Level::users(&["PBOB", "PEVE"])]));
    let service = PagerService::new("PSVC1", "payments-api", "PPOL1");
    pagerduty.service(PagerService { integration_key: Some("k".repeat(32)), ..service });
    pagerduty.priority("PRIO1", "P1");
    let client = Client::patient(pagerduty.address(), Duration::from_millis(500)).unwrap();
    (world, pagerduty, client)
}

fn bob() -> Actor {
    Actor { user_id: "PBOB".into(), email: "bob@pin.example".into() }
}

fn ids(references: &[Reference]) -> Vec<&str> {
    references.iter().map(|it| it.id.as_str()).collect()
}

fn assigned(incident: &Incident) -> Vec<&str> {
    incident.assignments.iter().map(|it| it.assignee.id.as_str()).collect()
}

#[tokio::test]
async fn lists_what_an_account_has() {
    let (world, pagerduty, client) = company().await;
    pagerduty.trigger("PSVC1", "Payments time out", Urgency::High);
    let [service] = &client.services().await.unwrap()[..] else { panic!("one service") };
    assert_eq!((service.name.as_str(), &service.status), ("payments-api", &ServiceStatus::Critical));
    assert_eq!(service.escalation_policy.as_ref().unwrap().id, "PPOL1");
    let policies = client.policies().await.unwrap();
    let rules: Vec<_> = policies[0].escalation_rules.iter().map(|it| ids(&it.targets)).collect();
    assert_eq!((rules, ids(&policies[0].services)), (vec![vec!["PSCH1"], vec!["PBOB"]], vec!["PSVC1"]));
    assert!(policies[0].escalation_rules[0].targets[0].is("schedule"));
    let [schedule] = &client.schedules().await.unwrap()[..] else { panic!("one schedule") };
    assert_eq!((schedule.time_zone.as_deref(), ids(&schedule.escalation_policies)), (Some("UTC"), vec!["PPOL1"]));
    assert_eq!(client.users().await.unwrap().len(), 3);
    assert_eq!(client.priorities().await.unwrap()[0].name, "P1");
    assert_eq!(client.subscriptions().await, Ok(vec![]));
    world.finish();
}

#[tokio::test]
async fn a_user_is_found_by_their_whole_address_only() {
    let (_world, _, client) = company().await;
    let found = async |email: &str| client.user_by_email(email).await.unwrap().map(|it| it.id);
    assert_eq!(found("ada@PIN.example").await.as_deref(), Some("PADA"));
    assert_eq!(found("da@pin.example").await, None);
}

#[tokio::test]
async fn who_is_on_call_comes_by_policy_level_and_schedule() {
    let (_world, _, client) = company().await;
    let (now, hour) = (Utc::now(), TimeDelta::hours(1));
    let all = client.oncalls(&OncallQuery::all(Window { since: now, until: now })).await.unwrap();
    let told: Vec<_> =
        all.iter().map(|it| (it.escalation_policy.id.as_str(), it.escalation_level, it.user.id.as_str())).collect();
    assert_eq!(told, [("PPOL1", 1, "PADA"), ("PPOL1", 2, "PBOB"), ("PPOL2", 1, "PBOB"), ("PPOL2", 1, "PEVE")]);
    assert!(all[0].schedule.is_some() && all[0].end.is_some());
    assert!(all[1].schedule.is_none() && all[1].start.is_none() && all[1].end.is_none());
    let window = Window { since: now, until: now + hour };
    let over =
        client.create_override("PSCH1", "PEVE", Window { since: now + hour / 2, until: now + hour }).await.unwrap();
    let [found] = &client.overrides("PSCH1", window).await.unwrap()[..] else { panic!("one override") };
    assert_eq!(found, &over);
    let schedules = ["PSCH1".to_string()];
    let query = OncallQuery { schedules: &schedules, ..OncallQuery::all(window) };
    let told = client.oncalls(&query).await.unwrap();
    assert_eq!(told.iter().map(|it| it.user.id.as_str()).collect::<Vec<_>>(), ["PADA", "PEVE"]);
    client.delete_override("PSCH1", &over.id).await.unwrap();
    assert_eq!(client.overrides("PSCH1", window).await, Ok(vec![]));
    assert_eq!(client.delete_override("PSCH1", &over.id).await, Err(PagerDutyError::Gone));
    let backwards = Window { since: now + hour, until: now };
    let refused = client.create_override("PSCH1", "PEVE", backwards).await;
    assert!(matches!(refused, Err(PagerDutyError::Refused { http: 400, .. })), "{refused:?}");
}

#[tokio::test]
async fn acts_on_an_incident_in_somebodys_name() {
    let (world, pagerduty, client) = company().await;
    let id = pagerduty.trigger("PSVC1", "Payments time out", Urgency::High);
    let id = id.as_str();
    assert_eq!(assigned(&client.incident(id).await.unwrap()), ["PADA"]);
    let taken = client.acknowledge(&bob(), id).await.unwrap();
    assert_eq!((taken.status, taken.acknowledgements[0].acknowledger.id.as_str()), (Status::Acknowledged, "PBOB"));
    let waits = client.snooze(&bob(), id, Duration::from_secs(3600)).await.unwrap();
    assert_eq!(waits.pending_actions[0].type_, "unacknowledge");
    let long = client.snooze(&bob(), id, LONGEST_SNOOZE + Duration::from_secs(1)).await;
    assert!(matches!(long, Err(PagerDutyError::Refused { code: Some(2001), .. })));
    assert_eq!(assigned(&client.escalate(&bob(), id, 2).await.unwrap()), ["PBOB"]);
    assert!(matches!(client.escalate(&bob(), id, 3).await, Err(PagerDutyError::Refused { .. })));
    let both = ["PADA".to_string(), "PEVE".to_string()];
    let direct = client.reassign(&bob(), id, &both).await.unwrap();
    assert_eq!((assigned(&direct), direct.assigned_via.as_deref()), (vec!["PADA", "PEVE"], Some("direct_assignment")));
    assert_eq!(assigned(&client.move_to_policy(&bob(), id, "PPOL2").await.unwrap()), ["PBOB", "PEVE"]);
    assert_eq!(client.prioritize(&bob(), id, "PRIO1").await.unwrap().priority.unwrap().summary.as_deref(), Some("P1"));
    let help = Help { users: &both[..1], policies: &["PPOL2".into()], message: "Please look" };
    client.add_responders(&bob(), id, &help).await.unwrap();
    let note = client.note(&bob(), id, "Rolled back").await.unwrap();
    assert_eq!(
        (client.notes(id).await.unwrap(), note.user.as_ref().unwrap().id.as_str()),
        (vec![note.clone()], "PBOB")
    );
    let over = client.resolve(&bob(), id).await.unwrap();
    assert_eq!((over.status, over.last_status_change_by.unwrap().id.as_str()), (Status::Resolved, "PBOB"));
    assert_eq!(over.incidents_responders.len(), 3);
    let log = client.log(id).await.unwrap();
    assert_eq!((&log.first().unwrap().kind, &log.last().unwrap().kind), (&LogKind::Resolve, &LogKind::Trigger));
    assert!(log.iter().all(|it| !matches!(it.kind, LogKind::Other(_)) && it.created_at.is_some()));
    let named = pagerduty.calls_of("PUT /incidents/{id}");
    assert!(named.iter().all(|it| it.from.as_deref() == Some("bob@pin.example")));
    world.finish();
}

#[tokio::test]
async fn nobody_acts_without_a_user() {
    let (_world, pagerduty, client) = company().await;
    let id = pagerduty.trigger("PSVC1", "Payments time out", Urgency::High);
    let stranger = Actor { user_id: "PNONE".into(), email: "nobody@else.example".into() };
    let refused = client.acknowledge(&stranger, &id).await;
    assert!(matches!(refused, Err(PagerDutyError::Refused { http: 400, code: Some(1008), .. })), "{refused:?}");
    let odd = Actor { email: "a\nb".into(), ..stranger };
    assert!(matches!(client.acknowledge(&odd, &id).await, Err(PagerDutyError::Passing(_))));
    assert_eq!(pagerduty.incident(&id).status, Status::Triggered);
}

#[tokio::test]
async fn lists_are_read_to_their_end() {
    let (_world, pagerduty, client) = company().await;
    let all: Vec<_> = (0..205).map(|it| pagerduty.trigger("PSVC1", &format!("{it}"), Urgency::Low)).collect();
    pagerduty.resolve(&all[3], "PADA");
    let open = client.open_incidents().await.unwrap();
    assert_eq!((open.len(), open[3].id.as_str()), (204, all[4].as_str()));
    let window = Window { since: Utc::now() - TimeDelta::days(1), until: Utc::now() + TimeDelta::days(1) };
    assert_eq!(client.incidents(window).await.unwrap().len(), 205);
    assert_eq!(pagerduty.calls_of("GET /incidents").len(), 6);
}

#[tokio::test]
async fn a_list_beyond_what_pagerduty_shows_is_an_error() {
    let (_world, pagerduty, client) = company().await;
    (0..10_000)
        .for_each(|it| pagerduty.user(PagerUser::new(&format!("P{it}"), "Somebody", &format!("{it}@x.example"))));
    let client = client.per_minute(100_000);
    assert_eq!(client.users().await, Err(PagerDutyError::TooMany("users")));
    assert_eq!(pagerduty.calls_of("GET /users").len(), 100);
}

#[tokio::test]
async fn reading_tries_once_more_and_acting_never() {
    let (_world, pagerduty, client) = company().await;
    let id = pagerduty.trigger("PSVC1", "Payments time out", Urgency::High);
    pagerduty.fail_next(1, 503);
    assert!(client.incident(&id).await.is_ok());
    pagerduty.fail_next(2, 500);
    assert_eq!(client.incident(&id).await, Err(PagerDutyError::Passing("status 500".into())));
    pagerduty.fail_next(1, 500);
    assert_eq!(client.acknowledge(&bob(), &id).await, Err(PagerDutyError::Unclear("status 500".into())));
    assert_eq!(pagerduty.incident(&id).status, Status::Triggered);
    pagerduty.ambiguous(1);
    assert!(matches!(client.acknowledge(&bob(), &id).await, Err(PagerDutyError::Unclear(_))));
    assert_eq!(pagerduty.incident(&id).status, Status::Acknowledged);
    pagerduty.silent(1);
    assert_eq!(client.resolve(&bob(), &id).await, Err(PagerDutyError::Unclear("no answer in time".into())));
    assert_eq!(
        (pagerduty.incident(&id).status, pagerduty.calls_of("PUT /incidents/{id}").len()),
        (Status::Resolved, 3)
    );
    pagerduty.slow(Duration::from_secs(2));
    assert_eq!(client.incident(&id).await, Err(PagerDutyError::Passing("no answer in time".into())));
}

#[tokio::test]
async fn what_is_limited_rests_and_nothing_else() {
    let (_world, pagerduty, client) = company().await;
    let id = pagerduty.trigger("PSVC1", "Payments time out", Urgency::High);
    let limited = |wait| Err(PagerDutyError::Limited { retry_after: Duration::from_secs(wait) });
    pagerduty.limit(1, Duration::from_secs(40));
    assert_eq!(client.users().await, limited(40));
    let calls = pagerduty.count();
    assert!(matches!(client.services().await, Err(PagerDutyError::Limited { .. })));
    assert_eq!(pagerduty.count(), calls, "nothing was asked meanwhile");
    client.acknowledge(&bob(), &id).await.unwrap();
}

#[tokio::test]
async fn wrong_tokens_and_wrong_ids_are_told_apart() {
    let (_world, pagerduty, client) = company().await;
    let wrong = Client::new(Address { api_token: "wrong".into(), ..pagerduty.address() }).unwrap();
    assert!(matches!(wrong.users().await, Err(PagerDutyError::Credentials { http: 401, .. })));
    assert_eq!(client.incident("QNONE").await, Err(PagerDutyError::Gone));
    for id in ["", "..", "a/b", "a?b"] {
        assert!(client.incident(id).await.is_err(), "{id}");
    }
    assert_eq!(pagerduty.calls_of("GET /incidents/{id}").len(), 1, "what is no id was never sent");
    let nobody = Address { api_url: Some("http://127.0.0.1:1".parse().unwrap()), ..pagerduty.address() };
    let away = Client::new(nobody).unwrap().acknowledge(&bob(), "Q1").await;
    assert_eq!(away, Err(PagerDutyError::Passing("no connection".into())));
}

#[tokio::test]
async fn alerts_begin_and_end_incidents_once() {
    let (_world, pagerduty, client) = company().await;
    let key = "k".repeat(32).into();
    let payload = Payload {
        summary: "Payments time out ".repeat(100),
        source: "pinconsole".into(),
        severity: Severity::Critical,
        timestamp: Some(Utc::now()),
        custom_details: serde_json::json!({ "by": "Mei" }),
    };
    for _ in 0..2 {
        client.enqueue(&key, "page-1", &Alert::Trigger(&payload)).await.unwrap();
    }
    let [id] = &pagerduty.incidents()[..] else { panic!("one incident") };
    assert_eq!(pagerduty.incident(id).title.chars().count(), 1024);
    client.enqueue(&key, "page-1", &Alert::Acknowledge).await.unwrap();
    assert_eq!(pagerduty.incident(id).status, Status::Acknowledged);
    client.enqueue(&key, "page-1", &Alert::Resolve).await.unwrap();
    assert_eq!(pagerduty.incident(id).status, Status::Resolved);
    client.enqueue(&key, "page-9", &Alert::Resolve).await.unwrap();
    let refused = client.enqueue(&"wrong".into(), "page-1", &Alert::Resolve).await;
    assert!(matches!(refused, Err(PagerDutyError::Refused { http: 400, .. })), "{refused:?}");
    pagerduty.ambiguous(1);
    let unclear = client.enqueue(&key, "page-2", &Alert::Trigger(&payload)).await;
    assert!(matches!(unclear, Err(PagerDutyError::Unclear(_))));
    client.enqueue(&key, "page-2", &Alert::Trigger(&payload)).await.unwrap();
    assert_eq!(pagerduty.incidents().len(), 2);
}

#[tokio::test]
async fn our_own_limit_holds_without_anybody_saying_so() {
    let (_world, pagerduty, client) = company().await;
    let client = client.per_minute(60);
    let id = pagerduty.trigger("PSVC1", "Payments time out", Urgency::High);
    for _ in 0..60 {
        client.incident(&id).await.unwrap();
    }
    let started = Instant::now();
    client.incident(&id).await.unwrap();
    assert!(started.elapsed() > Duration::from_millis(300), "it waited for its turn");
    let limited = client.services().await;
    assert!(matches!(limited, Err(PagerDutyError::Limited { .. })), "lists leave turns to others: {limited:?}");
}

/// Others, who took every turn.
struct Taken;

#[async_trait]
impl Pace for Taken {
    async fn rest(&self, _: &'static str) -> Option<Duration> {
        None
    }

    async fn hold(&self, _: &'static str, _: Duration) {}

    async fn turn(&self, quota: &Quota) -> Option<Duration> {
        assert_eq!((quota.name, quota.every), ("pagerduty", Duration::from_millis(100)));
        Some(Duration::from_secs(30))
    }
}

#[tokio::test]
async fn turns_that_others_took_count_too() {
    let (_world, pagerduty, client) = company().await;
    let limited = client.paced(Arc::new(Taken)).users().await;
    assert_eq!(limited, Err(PagerDutyError::Limited { retry_after: Duration::from_secs(30) }));
    assert_eq!(pagerduty.count(), 0);
}
