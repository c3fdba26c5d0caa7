use chrono::{DateTime, TimeDelta, Utc};
use console::Ctx;
use console::pagerduty::{Log, What, delivery};
use console::usage::recorder;
use domain::delivery::{Claimed, Source};
use domain::incidents::{Assignee, Incident, LogEntry, Moment, Responder, Service, Status};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::apply;
use crate::apply::Applied;

pub(super) fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_374_000, 0).expect("a moment") + TimeDelta::milliseconds(millis)
}

pub(super) fn claimed(id: &str, event: &str, occurred_at: DateTime<Utc>, body: Vec<u8>) -> Claimed {
    Claimed {
        id: Uuid::now_v7(),
        source: Source::Pagerduty,
        external_id: id.into(),
        event: event.into(),
        action: None,
        subject: None,
        received_at: at(10_000_000),
        occurred_at: Some(occurred_at),
        body,
        attempts: 1,
        token: 1,
    }
}

pub(super) fn event(id: &str, kind: &str, millis: i64, data: Value) -> Claimed {
    let ada = json!({"id": "PADA", "type": "user_reference", "summary": "Ada"});
    let body = json!({"event": {"id": id, "event_type": kind, "occurred_at": at(millis), "agent": ada, "data": data}});
    claimed(id, kind, at(millis), serde_json::to_vec(&body).expect("JSON"))
}

pub(super) fn incident(status: &str, assignees: &[&str]) -> Value {
    let assignees: Vec<Value> =
        assignees.iter().map(|it| json!({"id": it, "type": "user_reference", "summary": it})).collect();
    json!({"id": "Q1", "type": "incident", "number": 4711, "status": status, "title": "Payments fail", "urgency": "high",
        "created_at": at(0), "service": {"id": "PSVC", "type": "service_reference", "summary": "payments"},
        "assignees": assignees, "escalation_policy": {"id": "PEP", "type": "escalation_policy_reference"}})
}

pub(super) fn read(status: &str, assignees: &[&str], updated: i64) -> Value {
    let assigned: Vec<Value> = assignees
        .iter()
        .map(|it| json!({"at": at(0), "assignee": {"id": it, "type": "user_reference", "summary": it}}))
        .collect();
    json!({"id": "Q1", "type": "incident", "incident_number": 4711, "status": status, "title": "Payments fail",
        "urgency": "high", "created_at": at(0), "updated_at": at(updated), "assignments": assigned,
        "service": {"id": "PSVC", "type": "service_reference"},
        "escalation_policy": {"id": "PEP", "type": "escalation_policy_reference"}})
}

/// A reading as a poller stores it and a worker claims it.
pub(super) fn reading(what: (What, &str), (read_at, updated): (i64, Option<i64>), body: &Value) -> Claimed {
    let moment = Moment { read_at: at(read_at), updated_at: updated.map(at) };
    let it = delivery(what, moment, body, at(10_000_000)).expect("JSON");
    claimed(&it.external_id, &it.event, at(read_at), it.body.to_vec())
}

pub(super) async fn applied(db: &PgPool, claimed: &Claimed) -> Applied {
    let mut applied = all_applied(db, std::slice::from_ref(claimed)).await;
    assert_eq!(applied.len(), 1);
    applied.remove(0)
}

/// What came of events that are applied at once.
pub(super) async fn all_applied(db: &PgPool, claimed: &[Claimed]) -> Vec<Applied> {
    let ctx = Ctx::new(db.clone(), recorder().0);
    let mut transaction = db.begin().await.expect("a transaction");
    let applied = apply(&ctx, &mut transaction, claimed).await.expect("applied");
    transaction.commit().await.expect("a commit");
    applied
}

async fn known(db: &PgPool) -> Incident {
    Incident::with_id(db, "Q1").await.expect("read").expect("known")
}

async fn asked(db: &PgPool) -> Vec<String> {
    Assignee::of(db, "Q1").await.expect("read").into_iter().map(|it| it.member_id).collect()
}

async fn log(db: &PgPool) -> Vec<String> {
    let log = LogEntry::of(db, "Q1", 100).await.expect("read");
    log.iter().map(|it| format!("{} {}", it.kind, it.text).trim_end().to_string()).collect()
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_incident_follows_its_events_by_their_own_time(db: PgPool) {
    let resolved = event("01C", "incident.resolved", 3000, incident("resolved", &[]));
    assert!(matches!(applied(&db, &resolved).await, Applied::Done));
    let triggered = event("01A", "incident.triggered", 0, incident("triggered", &["PADA"]));
    assert!(matches!(applied(&db, &triggered).await, Applied::Done));
    let it = known(&db).await;
    assert_eq!((it.status, it.resolved_at, it.changed_by.as_deref()), (Status::Resolved, Some(at(3000)), Some("Ada")));
    assert!(asked(&db).await.is_empty());
    applied(&db, &event("01D", "incident.reopened", 4000, incident("triggered", &["PGRACE"]))).await;
    assert_eq!((known(&db).await.status, known(&db).await.resolved_at), (Status::Triggered, None));
    assert_eq!(asked(&db).await, ["PGRACE"]);
    assert_eq!(log(&db).await, ["triggered", "resolved", "reopened"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_applied_together_comes_to_what_each_comes_to_alone(db: PgPool) {
    let mut other = incident("triggered", &["PLIN"]);
    other["id"] = json!("Q2");
    let note = json!({"id": "PN", "type": "incident_note", "incident": {"id": "Q1"}, "content": "rolling back"});
    let events = [
        event("01A", "incident.triggered", 0, incident("triggered", &["PADA"])),
        event("01B", "incident.triggered", 100, other),
        event("01C", "pagey.ping", 100, json!({})),
        event("01D", "incident.resolved", 100, json!([])),
        // Of an incident that is told of already: these come after.
        event("01E", "incident.annotated", 200, note),
        event("01G", "incident.escalated", 400, incident("triggered", &["PGRACE"])),
        event("01F", "incident.acknowledged", 300, incident("acknowledged", &["PADA"])),
    ];
    let applied = all_applied(&db, &events).await;
    assert!(matches!(applied[3], Applied::Unparsed(_)) && applied[2] == Applied::Ignored, "{applied:?}");
    assert!([0, 1, 4, 5, 6].iter().all(|it| applied[*it] == Applied::Done), "{applied:?}");
    assert_eq!((known(&db).await.status, asked(&db).await), (Status::Triggered, vec!["PGRACE".to_string()]));
    assert_eq!(log(&db).await, ["triggered", "annotated rolling back", "acknowledged", "escalated"]);
    let of = Assignee::of(&db, "Q2").await.expect("read");
    assert_eq!(of.iter().map(|it| it.member_id.as_str()).collect::<Vec<_>>(), ["PLIN"]);
    all_applied(&db, &events).await;
    assert_eq!(known(&db).await.revision, 2, "a replay changes nothing");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_told_of_an_unknown_incident_waits_for_it(db: PgPool) {
    let stub = json!({"id": "Q1", "type": "incident_reference", "summary": "Payments fail"});
    let note =
        json!({"id": "PN", "type": "incident_note", "incident": stub, "content": "rolling\u{0}back", "trimmed": true});
    assert!(matches!(applied(&db, &event("01B", "incident.annotated", 100, note)).await, Applied::Done));
    let asked = json!({"incident": stub, "user": {"id": "PLIN", "type": "user_reference", "summary": "Lin"},
        "escalation_policy": null, "message": "help", "state": "joined"});
    applied(&db, &event("01C", "incident.responder.replied", 200, asked)).await;
    assert!(Incident::with_id(&db, "Q1").await.expect("read").is_none(), "a reference is no state");
    assert_eq!(Incident::unsettled(&db, 10).await.expect("read"), ["Q1"], "it is to be read");
    applied(&db, &event("01A", "incident.triggered", 0, incident("triggered", &["PADA"]))).await;
    assert_eq!(log(&db).await, ["triggered", "annotated rolling\u{fffd}back …", "responder.replied Lin: joined"]);
    let helping = Responder::of(&db, "Q1").await.expect("read");
    assert_eq!(helping.iter().map(|it| (it.name.as_str(), it.state.as_str())).collect::<Vec<_>>(), [("Lin", "joined")]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn nulls_are_borne_and_what_is_no_event_is_named(db: PgPool) {
    let mut bare = incident("triggered", &[]);
    for field in ["service", "assignees", "escalation_policy", "priority", "conference_bridge", "teams"] {
        bare[field] = Value::Null;
    }
    let mut body =
        json!({"event": {"id": "01A", "event_type": "incident.triggered", "occurred_at": at(0), "agent": null}});
    body["event"]["data"] = bare;
    let body = serde_json::to_vec(&body).expect("JSON");
    assert!(matches!(applied(&db, &claimed("01A", "incident.triggered", at(0), body)).await, Applied::Done));
    assert_eq!((known(&db).await.service_id.as_str(), known(&db).await.changed_by), ("", None));
    let odd = incident("exploded", &[]);
    let told = applied(&db, &event("01B", "incident.escalated", 1, odd)).await;
    assert_eq!(told, Applied::Unparsed("its status is none that is known: \"exploded\"".into()));
    assert!(matches!(applied(&db, &event("01C", "incident.resolved", 2, json!([]))).await, Applied::Unparsed(_)));
    assert!(matches!(applied(&db, &claimed("01D", "unknown", at(2), b"{}".to_vec())).await, Applied::Unparsed(_)));
    for nothing in ["brand.new", "incident.brand_new", "pagey.ping", "service.custom_field_values.updated"] {
        assert_eq!(applied(&db, &event("01E", nothing, 3, json!({"id": "X"}))).await, Applied::Ignored, "{nothing}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_bridge_is_told_apart_from_the_rest(db: PgPool) {
    let bridge = |url: &str| json!({"incident": {"id": "Q1", "type": "incident_reference"}, "conference_url": url});
    applied(&db, &event("01A", "incident.triggered", 0, incident("triggered", &["PADA"]))).await;
    applied(&db, &event("01C", "incident.conference_bridge.updated", 2000, bridge("https://meet.example/1"))).await;
    applied(&db, &event("01B", "incident.acknowledged", 1000, incident("acknowledged", &["PADA"]))).await;
    let it = known(&db).await;
    assert_eq!((it.status, it.bridge_url.as_deref()), (Status::Acknowledged, Some("https://meet.example/1")));
    applied(&db, &event("01B2", "incident.conference_bridge.updated", 1500, bridge("https://meet.example/0"))).await;
    assert_eq!(known(&db).await.bridge_url.as_deref(), Some("https://meet.example/1"));
    let task = json!({"incident": {"id": "Q1"}, "name": "Tell legal"});
    applied(&db, &event("01D", "incident.task.created", 3000, task)).await;
    assert_eq!(log(&db).await.last().map(String::as_str), Some("task.created Tell legal"));
    let nobody = applied(&db, &event("01E", "incident.role.assigned", 4000, json!({"incident": null}))).await;
    assert_eq!(nobody, Applied::Unparsed("it names no incident".into()));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn services_come_change_and_go(db: PgPool) {
    let service = |name: &str| json!({"id": "PSVC", "type": "service", "summary": name});
    let whole = json!({"id": "PSVC", "name": "payments", "status": "critical", "description": "Takes money",
        "escalation_policy": {"id": "PEP", "type": "escalation_policy_reference"}});
    applied(&db, &reading((What::Service, "PSVC"), (1000, None), &whole)).await;
    applied(&db, &event("01B", "service.updated", 2000, service("payments-api"))).await;
    applied(&db, &event("01A", "service.created", 500, service("pay"))).await;
    let named = Service::named(&db, "PSVC", 5).await.expect("read");
    assert_eq!((named[0].name.as_str(), named[0].status.as_str()), ("payments-api", "critical"));
    assert_eq!(named[0].policy_id.as_deref(), Some("PEP"), "what an event does not tell stays");
    applied(&db, &event("01C", "service.deleted", 3000, service("payments-api"))).await;
    applied(&db, &reading((What::Service, "PSVC"), (2500, None), &whole)).await;
    assert!(Service::named(&db, "PSVC", 5).await.expect("read").is_empty(), "that was read before it went");
    assert_eq!(Service::with_ids(&db, &["PSVC".into()]).await.expect("read").len(), 1, "incidents still name it");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_reading_repairs_what_events_did_not_tell(db: PgPool) {
    let q1 = (What::Incident, "Q1");
    applied(&db, &event("01A", "incident.acknowledged", 500, incident("acknowledged", &["PADA"]))).await;
    let early = reading(q1, (0, Some(0)), &read("resolved", &[], 0));
    assert_eq!(applied(&db, &early).await, Applied::Ignored, "of the same second: the next reading tells");
    let same = reading(q1, (60_000, Some(0)), &read("acknowledged", &["PADA"], 0));
    assert_eq!(applied(&db, &same).await, Applied::Ignored, "that is known");
    assert_eq!(known(&db).await.revision, 1);
    // The last change was in the second of the event that we know.
    let late = reading(q1, (61_000, Some(0)), &read("resolved", &[], 0));
    assert_ne!(late.external_id, early.external_id);
    assert!(matches!(applied(&db, &late).await, Applied::Done));
    assert_eq!((known(&db).await.status, known(&db).await.source_at), (Status::Resolved, at(61_000)));
    applied(&db, &event("01B", "incident.escalated", 900, incident("acknowledged", &["PGRACE"]))).await;
    assert_eq!(known(&db).await.status, Status::Resolved, "the reading knew of that");
    applied(&db, &event("01C", "incident.reopened", 62_000, incident("triggered", &["PGRACE"]))).await;
    assert_eq!(known(&db).await.status, Status::Triggered);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_read_log_adds_only_what_no_event_told(db: PgPool) {
    let ada = json!({"id": "PADA", "type": "user_reference", "summary": "Ada"});
    applied(&db, &event("01A", "incident.triggered", 100, incident("triggered", &["PADA"]))).await;
    let entries = serde_json::from_value(json!([
        {"id": "R3", "type": "annotate_log_entry", "created_at": at(9000), "agent": ada,
            "channel": {"type": "note", "summary": "found it"}},
        {"id": "R2", "type": "notify_log_entry", "created_at": at(2000), "user": ada},
        {"id": "R1", "type": "trigger_log_entry", "created_at": at(0), "agent": ada},
    ]))
    .expect("entries");
    let body = serde_json::to_value(Log { incident: "Q1".into(), entries }).expect("JSON");
    let first = reading((What::Log, "Q1"), (60_000, None), &body);
    assert!(matches!(applied(&db, &first).await, Applied::Done));
    assert_eq!(log(&db).await, ["triggered", "annotated found it"]);
    assert_eq!(applied(&db, &first).await, Applied::Ignored, "a replay changes nothing");
}
