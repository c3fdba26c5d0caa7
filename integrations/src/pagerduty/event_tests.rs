use serde_json::{Value, json};

use super::*;

fn reference(id: &str, type_: &str, summary: &str) -> Value {
    json!({ "id": id, "type": format!("{type_}_reference"), "summary": summary, "self": null, "html_url": null })
}

fn event(event_type: &str, data: Value) -> Value {
    json!({ "event": {
        "id": "01EVENT1", "event_type": event_type, "resource_type": "incident",
        "occurred_at": "2026-11-20T10:00:11.169Z", "agent": reference("PADA", "user", "Ada Byron"),
        "client": { "name": "PagerDuty" }, "data": data,
    } })
}

fn incident() -> Value {
    json!({
        "id": "QINC1", "type": "incident", "self": "https://api.pagerduty.com/incidents/QINC1",
        "html_url": "https://pin.pagerduty.com/incidents/QINC1", "number": 12, "status": "triggered",
        "incident_key": "k1", "created_at": "2026-11-20T05:00:00-05:00", "title": "Payments time out",
        "incident_type": { "name": "major" }, "service": reference("PSVC1", "service", "payments-api"),
        "assignees": [reference("PADA", "user", "Ada Byron")], "escalation_policy": reference("PPOL1", "escalation_policy", "Payments"),
        "teams": [], "priority": reference("PRIO1", "priority", "P1"), "urgency": "high",
        "conference_bridge": { "conference_number": null, "conference_url": "https://meet.example/1" }, "resolve_reason": null,
    })
}

fn parse(body: &Value) -> Event {
    Event::parse(body.to_string().as_bytes()).unwrap()
}

#[test]
fn an_incident_comes_with_whom_it_asks() {
    let event = parse(&event("incident.triggered", incident()));
    assert_eq!((event.id.as_str(), &event.kind, event.incident_id()), ("01EVENT1", &Kind::Triggered, Some("QINC1")));
    assert_eq!(event.occurred_at.unwrap().to_rfc3339(), "2026-11-20T10:00:11.169+00:00");
    assert_eq!((event.agent.unwrap().id.as_str(), event.client.as_deref()), ("PADA", Some("PagerDuty")));
    let Data::Incident(it) = event.data else { panic!("no incident") };
    assert_eq!((it.number, &it.status, &it.urgency), (12, &Status::Triggered, &Urgency::High));
    assert_eq!(it.created_at.unwrap().to_rfc3339(), "2026-11-20T10:00:00+00:00");
    assert!(it.assignees[0].is("user") && it.priority.unwrap().is("priority"));
    assert_eq!(it.conference_bridge.unwrap().conference_url.as_deref(), Some("https://meet.example/1"));
}

#[test]
fn each_type_of_an_incident_has_its_own_data() {
    let about = reference("QINC1", "incident", "Payments time out");
    let read = |type_: &str, data: Value| parse(&event(type_, data)).data;
    let Data::Note(note) =
        read("incident.annotated", json!({ "id": "N1", "incident": about, "content": "Rolled back." }))
    else {
        panic!("no note")
    };
    assert_eq!((note.content.as_str(), note.trimmed), ("Rolled back.", false));
    let update = json!({ "id": "U1", "incident": about, "message": "Soon", "trimmed": true });
    assert!(matches!(read("incident.status_update_published", update), Data::StatusUpdate(it) if it.trimmed));
    let asked = json!({ "incident": about, "user": reference("PBOB", "user", "Bob"), "escalation_policy": null, "message": "Help", "state": "joined" });
    let Data::Responder(asked) = read("incident.responder.replied", asked) else { panic!("no responder") };
    assert_eq!((asked.user.unwrap().id.as_str(), asked.state), ("PBOB", Reply::Joined));
    let service = json!({ "id": "PSVC1", "type": "service", "summary": "payments-api", "teams": null });
    assert!(matches!(read("service.deleted", service), Data::Service(it) if it.teams.is_empty()));
    let ping = read("pagey.ping", json!({ "message": "Hello!", "type": "ping" }));
    assert_eq!(ping, Data::Ping { message: "Hello!".into() });
}

#[test]
fn every_type_that_brings_an_incident_is_read_as_one() {
    let types = [
        ("triggered", Kind::Triggered),
        ("acknowledged", Kind::Acknowledged),
        ("unacknowledged", Kind::Unacknowledged),
        ("resolved", Kind::Resolved),
        ("reopened", Kind::Reopened),
        ("reassigned", Kind::Reassigned),
        ("escalated", Kind::Escalated),
        ("delegated", Kind::Delegated),
        ("priority_updated", Kind::PriorityUpdated),
        ("service_updated", Kind::ServiceUpdated),
        ("incident_type.changed", Kind::TypeChanged),
    ];
    for (type_, kind) in types {
        let event = parse(&event(&format!("incident.{type_}"), incident()));
        assert_eq!(event.kind, kind);
        assert_eq!(event.incident_id(), Some("QINC1"), "{type_}");
    }
}

#[test]
fn what_nobody_needs_is_other() {
    let others = [
        "incident.conference_bridge.updated",
        "incident.custom_field_values.updated",
        "incident.role.assigned",
        "incident.task.created",
        "incident.action_invocation.created",
        "incident.workflow.started",
        "service.custom_field_values.updated",
        "something.brand_new",
    ];
    for type_ in others {
        let event = parse(&event(type_, json!({ "anything": [1, null] })));
        assert_eq!((event.kind, event.data), (Kind::Other(type_.into()), Data::Other));
    }
    let odd = json!({ "id": 1, "event_type": [], "occurred_at": 5, "agent": "me", "client": 7, "data": 1 });
    assert_eq!(parse(&json!({ "event": odd })).data, Data::Other);
    let bare = parse(&json!({ "event": {} }));
    assert_eq!((bare.id.as_str(), bare.kind, bare.data), ("", Kind::default(), Data::Other));
}

#[test]
fn new_words_and_nulls_cost_nothing() {
    let mut data = incident();
    data["status"] = "simmering".into();
    data["urgency"] = Value::Null;
    data["created_at"] = "yesterday".into();
    data["assignees"] = json!([null, { "type": "user_reference" }, reference("PBOB", "user", "Bob")]);
    data["priority"] = "P1".into();
    let Data::Incident(it) = parse(&event("incident.triggered", data)).data else { panic!("no incident") };
    assert_eq!((it.status, it.urgency), (Status::Unknown("simmering".into()), Urgency::default()));
    assert_eq!((it.created_at, it.assignees.len(), it.priority), (None, 1, None));
}

#[test]
fn only_what_is_no_event_at_all_is_malformed() {
    for (body, why) in [("{", "it is not JSON"), ("[]", "no event"), ("{}", "no event"), (r#"{"event":1}"#, "no event")]
    {
        assert_eq!(Event::parse(body.as_bytes()), Err(Malformed(why)), "{body}");
    }
    let unreadable = parse(&event("incident.triggered", json!({ "number": 1 })));
    assert_eq!(unreadable.data, Data::Unreadable(Malformed("an object without its id")));
    let unreadable = parse(&event("incident.annotated", json!({ "id": "N1" })));
    assert!(matches!(unreadable.data, Data::Unreadable(_)));
}

#[test]
fn a_written_incident_is_read_again_as_it_was() {
    let body = json!({
        "id": "QINC1", "incident_number": 12, "title": "Payments time out", "status": "acknowledged", "urgency": "low",
        "created_at": "2026-11-20T10:00:00Z", "service": reference("PSVC1", "service", "payments-api"), "priority": null,
        "assignments": [{ "at": "2026-11-20T10:00:00Z", "assignee": reference("PADA", "user", "Ada Byron") }],
        "acknowledgements": [{ "at": "2026-11-20T10:01:00Z", "acknowledger": reference("PADA", "user", "Ada Byron") }],
        "pending_actions": [{ "type": "unacknowledge", "at": "2026-11-20T10:31:00Z" }],
        "incidents_responders": [{ "state": "pending", "user": reference("PBOB", "user", "Bob") }], "brand_new": {},
    });
    let read = Incident::parse(body.to_string().as_bytes()).unwrap();
    assert_eq!((read.incident_number, &read.status), (12, &Status::Acknowledged));
    assert_eq!((read.assignments.len(), read.acknowledgements.len(), read.pending_actions.len()), (1, 1, 1));
    let written = serde_json::to_vec(&read).unwrap();
    assert_eq!(Incident::parse(&written).unwrap(), read);
    assert_eq!(Incident::parse(b"{}"), Err(Malformed("an object without its id")));
}
