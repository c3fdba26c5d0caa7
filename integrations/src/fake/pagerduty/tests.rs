use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};

use super::*;
use crate::fake::World;
use crate::pagerduty::{Actor, Client, Data, Event, Kind, PagerDutyError, Status, Urgency};

/// Three people, one policy of two levels, one service.
pub(crate) async fn company() -> (World, PagerDuty, Client) {
    let world = World::start().await.unwrap();
    let pagerduty = world.pagerduty();
    for (id, name) in [("PADA", "Ada Byron"), ("PBOB", "Bob Kahn"), ("PEVE", "Eve Polastri")] {
        let email = format!("{}@pin.example", name[..3].to_lowercase());
        pagerduty.user(PagerUser::new(id, name, &email));
    }
    let start = chrono::Utc::now() - chrono::TimeDelta::hours(1);
    let schedule = PagerSchedule::new("PSCH1", "Payments primary").shift(start, 12, "PADA");
    pagerduty.schedule(PagerSchedule { time_zone: "Europe/Berlin".into(), ..schedule });
    let levels = vec![Level::schedules(&["PSCH1"]), Level::users(&["PBOB"])];
    pagerduty.policy(PagerPolicy::new("PPOL1", "Payments", levels));
    let service = PagerService::new("PSVC1", "payments-api", "PPOL1");
    pagerduty.service(PagerService { integration_key: Some("k".repeat(32)), ..service });
    pagerduty.priority("PRIO1", "P1");
    let client = Client::new(pagerduty.address()).unwrap();
    (world, pagerduty, client)
}

/// What a receiver got, and what it answers.
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<(String, Value)>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Receiver {
    async fn start(pagerduty: &PagerDuty) -> Self {
        let receiver = Self::default();
        let routes = Router::new().route("/", post(receive)).with_state(receiver.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        pagerduty.receiver(url, vec!["new".into(), "old".into()]);
        pagerduty.retry_every(Duration::from_millis(5));
        receiver
    }

    /// Answers so, the last one first; 202 after that.
    fn answers(&self, statuses: &[u16]) {
        *self.answers.lock().unwrap() = statuses.to_vec();
    }

    fn kinds(&self) -> Vec<String> {
        self.got.lock().unwrap().iter().map(|it| it.1["event"]["event_type"].as_str().unwrap().into()).collect()
    }
}

async fn receive(Extract(receiver): Extract<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers["x-pagerduty-signature"].to_str().unwrap().to_string();
    let status = receiver.answers.lock().unwrap().pop().unwrap_or(202);
    receiver.got.lock().unwrap().push((signature, serde_json::from_slice(&body).unwrap()));
    StatusCode::from_u16(status).unwrap()
}

fn ada() -> Actor {
    Actor { user_id: "PADA".into(), email: "Ada@pin.example".into() }
}

#[tokio::test]
async fn webhooks_tell_what_happened_in_its_order_and_are_signed_by_each_secret() {
    let (_world, pagerduty, _) = company().await;
    let receiver = Receiver::start(&pagerduty).await;
    let id = pagerduty.trigger("PSVC1", "Payments time out", Urgency::High);
    pagerduty.escalate(&id);
    pagerduty.acknowledge(&id, "PBOB");
    pagerduty.note(&id, "PBOB", "Rolled back");
    pagerduty.add_responder(&id, "PBOB", "PEVE");
    pagerduty.reply(&id, "PEVE", true);
    pagerduty.set_priority(&id, "PBOB", "PRIO1");
    pagerduty.unacknowledge(&id);
    pagerduty.reassign(&id, "PBOB", &["PEVE"]);
    pagerduty.delegate(&id, "PBOB", "PPOL1");
    pagerduty.recover(&id);
    pagerduty.reopen(&id, "PADA");
    pagerduty.resolve(&id, "PADA");
    pagerduty.settled().await;
    insta::assert_snapshot!(receiver.kinds().join("\n"), @"
        incident.triggered
        incident.escalated
        incident.acknowledged
        incident.annotated
        incident.responder.added
        incident.responder.replied
        incident.priority_updated
        incident.unacknowledged
        incident.reassigned
        incident.delegated
        incident.resolved
        incident.reopened
        incident.resolved
        ");
    let got = receiver.got.lock().unwrap().clone();
    let (signature, first) = &got[0];
    assert_eq!(signature.split(',').filter(|it| it.starts_with("v1=") && it.len() == 67).count(), 2);
    for (_, body) in &got {
        let event = Event::parse(body.to_string().as_bytes()).unwrap();
        assert!(event.incident_id() == Some(id.as_str()) && event.occurred_at.is_some(), "{body}");
        assert!(!matches!(event.kind, Kind::Other(_)), "{body}");
    }
    assert_eq!(first["event"]["data"]["assignees"][0]["id"], "PADA");
    assert_eq!(got[1].1["event"]["data"]["assignees"][0]["id"], "PBOB");
    pagerduty.send_again(first);
    pagerduty.settled().await;
    assert_eq!(receiver.got.lock().unwrap().last().unwrap().1, *first);
}

#[tokio::test]
async fn services_that_change_are_told_of() {
    let (_world, pagerduty, client) = company().await;
    let receiver = Receiver::start(&pagerduty).await;
    pagerduty.change_service("PADA", PagerService::new("PSVC1", "payments", "PPOL1"));
    pagerduty.change_service("PADA", PagerService::new("PSVC2", "ledger", "PPOL1"));
    pagerduty.settled().await;
    pagerduty.remove_service("PADA", "PSVC2");
    pagerduty.settled().await;
    let mut kinds = receiver.kinds();
    kinds[..2].sort();
    assert_eq!(kinds, ["service.created", "service.updated", "service.deleted"]);
    let last = receiver.got.lock().unwrap().last().unwrap().1.clone();
    let event = Event::parse(last.to_string().as_bytes()).unwrap();
    assert!(matches!(event.data, Data::Service(it) if it.summary.as_deref() == Some("ledger")));
    assert_eq!(client.services().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_webhook_that_is_not_taken_is_tried_again_before_later_ones_of_its_incident() {
    let (_world, pagerduty, _) = company().await;
    let receiver = Receiver::start(&pagerduty).await;
    receiver.answers(&[503, 429, 500]);
    let id = pagerduty.trigger("PSVC1", "Payments time out", Urgency::High);
    pagerduty.acknowledge(&id, "PADA");
    pagerduty.settled().await;
    assert_eq!(receiver.kinds()[..4], ["incident.triggered"; 4]);
    assert_eq!(receiver.kinds()[4..], ["incident.acknowledged"]);
    let told: Vec<_> = pagerduty.attempts().iter().map(|it| it.status.unwrap()).collect();
    assert_eq!(told, [500, 429, 503, 202, 202]);
    assert!(!pagerduty.is_disabled());
}

#[tokio::test]
async fn three_refusals_in_a_row_end_the_subscription_until_it_is_enabled() {
    let (_world, pagerduty, client) = company().await;
    let receiver = Receiver::start(&pagerduty).await;
    receiver.answers(&[400, 404, 202, 403, 401]);
    let incidents: Vec<_> = (0..6).map(|it| pagerduty.trigger("PSVC1", &format!("{it}"), Urgency::Low)).collect();
    pagerduty.settled().await;
    assert!(!pagerduty.is_disabled(), "two in a row are not enough");
    receiver.answers(&[400, 400, 400]);
    for id in &incidents[..4] {
        pagerduty.acknowledge(id, "PADA");
        pagerduty.settled().await;
    }
    assert!(pagerduty.is_disabled());
    assert_eq!(receiver.kinds().iter().filter(|it| *it == "incident.acknowledged").count(), 3);
    let [subscription] = &client.subscriptions().await.unwrap()[..] else { panic!("one subscription") };
    let url = subscription.delivery_method.as_ref().unwrap().url.clone();
    assert!(!subscription.reaches(&url));
    assert!(client.enable(&subscription.id).await.unwrap().reaches(&url));
    client.ping(&subscription.id).await.unwrap();
    pagerduty.settled().await;
    assert_eq!(receiver.kinds().last().unwrap(), "pagey.ping");
    assert_eq!(client.ping("PNOBODY").await, Err(PagerDutyError::Gone));
}

#[tokio::test]
async fn lost_webhooks_are_never_sent() {
    let (_world, pagerduty, _) = company().await;
    let receiver = Receiver::start(&pagerduty).await;
    pagerduty.lose_webhooks(true);
    let id = pagerduty.trigger("PSVC1", "Payments time out", Urgency::High);
    pagerduty.lose_webhooks(false);
    pagerduty.acknowledge(&id, "PADA");
    pagerduty.settled().await;
    assert_eq!((receiver.kinds(), pagerduty.events().len()), (vec!["incident.acknowledged".to_string()], 2));
}

#[tokio::test]
async fn acknowledging_what_is_over_begins_it_anew() {
    let (_world, pagerduty, client) = company().await;
    let id = pagerduty.trigger("PSVC1", "Payments time out", Urgency::High);
    pagerduty.race({
        let id = id.clone();
        move |pagerduty| pagerduty.resolve(&id, "PBOB")
    });
    assert_eq!(client.acknowledge(&ada(), &id).await.unwrap().status, Status::Acknowledged);
    assert_eq!(pagerduty.reopened(&id), 1);
    assert!(client.acknowledge(&ada(), &id).await.unwrap_err().is_already_acknowledged());
    client.resolve(&ada(), &id).await.unwrap();
    assert!(client.resolve(&ada(), &id).await.unwrap_err().is_already_resolved());
    assert_eq!(pagerduty.reopened(&id), 1);
}

async fn asked(pagerduty: &PagerDuty, headers: [(&str, &str); 3], path: &str) -> (u16, Value) {
    let url = format!("{}{path}", pagerduty.api_url());
    let mut request = reqwest::Client::new().get(url);
    for (name, value) in headers.into_iter().filter(|it| !it.1.is_empty()) {
        request = request.header(name, value);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

#[tokio::test]
async fn what_pagerduty_would_refuse_is_refused() {
    let (_world, pagerduty, _) = company().await;
    let token = format!("Token token={}", secrecy::ExposeSecret::expose_secret(&pagerduty.api_token()));
    let version = "application/vnd.pagerduty+json;version=2";
    let good = [("authorization", token.as_str()), ("accept", version), ("from", "")];
    let with = |name, value| good.map(|it| if it.0 == name { (name, value) } else { it });
    let told = async |headers, path: &str| {
        let (status, body) = asked(&pagerduty, headers, path).await;
        format!("{status} {} {}", body["error"]["code"], body["error"]["errors"])
    };
    let mut lines = Vec::new();
    for headers in [with("authorization", "Token token=x"), with("accept", "*/*"), with("from", "nobody@else.example")]
    {
        lines.push(told(headers, "/users").await);
    }
    for path in [
        "/users?limit=101",
        "/users?limit=100&offset=9901",
        "/users?team=1",
        "/incidents?statuses[]=simmering",
        "/incidents?since=2026-01-01T00:00:00",
        "/incidents?since=2026-01-01T00:00:00Z&until=2026-09-01T00:00:00Z",
        "/oncalls?since=2026-01-01T00:00:00Z&until=2026-05-01T00:00:00Z",
        "/schedules/PSCH1/overrides",
        "/incidents/QNONE",
    ] {
        lines.push(told(good, path).await);
    }
    assert_eq!(told(good, "/users?limit=100&offset=9900").await, "200 null null");
    insta::assert_snapshot!(lines.join("\n"), @r#"
        401 2006 []
        406 2001 []
        400 1008 []
        400 2001 ["limit must be between 1 and 100"]
        400 2001 ["offset and limit together must not exceed 10000"]
        400 2001 ["team is no parameter of this"]
        400 2001 ["statuses[] may not be simmering"]
        400 2001 ["since is no time in UTC: 2026-01-01T00:00:00"]
        400 2001 ["since and until may be six months apart"]
        400 2001 ["since and until may be 90 days apart"]
        400 2001 ["since and until must be there"]
        404 2100 []
        "#);
}

#[tokio::test]
async fn the_events_api_refuses_what_is_no_event() {
    let (_world, pagerduty, _) = company().await;
    let url = format!("{}/v2/enqueue", pagerduty.events_url());
    let key = "k".repeat(32);
    let payload = json!({ "summary": "s", "source": "x", "severity": "error" });
    for wrong in [
        json!({}),
        json!({ "routing_key": "short", "event_action": "trigger", "payload": payload }),
        json!({ "routing_key": "z".repeat(32), "event_action": "trigger", "payload": payload }),
        json!({ "routing_key": key, "event_action": "explode", "payload": payload }),
        json!({ "routing_key": key, "event_action": "resolve" }),
        json!({ "routing_key": key, "event_action": "trigger" }),
        json!({ "routing_key": key, "event_action": "trigger", "payload": { "summary": "s", "source": "x", "severity": "bad" } }),
        json!({ "routing_key": key, "event_action": "trigger", "payload": payload, "extra": 1 }),
    ] {
        let answer = reqwest::Client::new().post(&url).json(&wrong).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{wrong}");
    }
    assert!(pagerduty.incidents().is_empty());
}

#[test]
fn a_company_may_come_from_a_file() {
    let company: Company = serde_json::from_value(json!({
        "users": [{ "id": "PADA", "name": "Ada Byron", "email": "ada@pin.example", "time_zone": "Europe/London" }],
        "schedules": [{ "id": "PSCH1", "name": "Primary", "rotation": { "start": "2026-11-02T09:00:00Z", "hours": 168, "users": ["PADA", "PBOB"] } }],
        "policies": [{ "id": "PPOL1", "name": "Payments", "levels": [{ "schedules": ["PSCH1"], "minutes": 15 }] }],
        "services": [{ "id": "PSVC1", "name": "payments-api", "policy": "PPOL1" }],
    }))
    .unwrap();
    let schedule = &company.schedules[0];
    let at = |it: &str| it.parse().unwrap();
    let turns = schedule.turns(at("2026-11-09T08:59:59Z"), at("2026-11-09T09:00:01Z"));
    assert_eq!(turns.iter().map(|it| it.user.as_str()).collect::<Vec<_>>(), ["PADA", "PBOB"]);
    assert_eq!(schedule.turns(at("2026-11-09T09:00:00Z"), at("2026-11-09T09:00:00Z"))[0].user, "PBOB");
}

#[tokio::test]
async fn the_demo_company_has_somebody_on_call_for_each_service_that_its_catalog_names() {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../config/demo");
    let company = Company::parse(&std::fs::read_to_string(format!("{demo}/pagerduty.yaml")).unwrap()).unwrap();
    let world = World::start().await.unwrap();
    let pagerduty = world.pagerduty();
    pagerduty.load(company.clone());
    let known: std::collections::BTreeSet<_> = company.services.iter().map(|it| it.id.clone()).collect();
    let files = glob::glob(&format!("{demo}/catalog/**/*.yaml")).unwrap();
    let texts: Vec<String> = files.map(|it| std::fs::read_to_string(it.unwrap()).unwrap()).collect();
    let named =
        texts.iter().flat_map(|it| it.lines()).filter_map(|it| it.trim().strip_prefix("pagerduty.com/service-id: "));
    assert_eq!(named.map(String::from).collect::<std::collections::BTreeSet<_>>(), known);
    let keys = texts
        .iter()
        .flat_map(|it| it.lines())
        .filter_map(|it| it.trim().strip_prefix("pagerduty.com/integration-key: "));
    let kept = company.services.iter().filter_map(|it| it.integration_key.clone());
    let kept: std::collections::BTreeSet<_> =
        kept.filter(|it| it.len() == 32 && it.starts_with("not-a-secret-")).collect();
    assert_eq!(kept.len(), company.services.len(), "each has a key of its own");
    assert_eq!(keys.map(String::from).collect::<std::collections::BTreeSet<_>>(), kept);
    let directory = std::fs::read_to_string(format!("{demo}/company.ldif")).unwrap();
    assert!(company.users.iter().all(|it| directory.contains(&format!("mail: {}\n", it.email))));
    for service in &company.services {
        for level in [1, 2] {
            let asked = pagerduty.on_call(&service.policy, level);
            assert!(!asked.is_empty() && asked.iter().all(|it| company.users.iter().any(|user| user.id == *it)));
        }
    }
}
