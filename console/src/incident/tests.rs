use std::collections::HashMap;

use cards::{Reader, terminal};
use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::incidents::{Helping, LogEntry, Near, Nearness, Somebody, Tied, Turn};
use uuid::Uuid;

use super::*;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).expect("a moment") + TimeDelta::minutes(minute)
}

fn somebody(member: &str, name: &str, person: Option<&str>) -> Somebody {
    let display = person.map(|_| name.to_string());
    Somebody {
        member_id: member.into(),
        name: name.into(),
        person_id: person.map(|_| Uuid::nil()),
        person: person.map(String::from),
        display,
    }
}

fn view() -> View {
    let incident = Incident {
        id: "Q1".into(),
        number: 4711,
        title: "Payments fail".into(),
        status: Status::Triggered,
        urgency: Urgency::High,
        priority: Some("P1".into()),
        service_id: "PSVC1".into(),
        policy_id: Some("PEP1".into()),
        key: None,
        url: Some("https://mosaic.pagerduty.com/incidents/Q1".into()),
        bridge_url: Some("https://meet.example/payments".into()),
        created_at: at(0),
        resolved_at: None,
        changed_by: None,
        source_at: at(1),
        source_id: "01A".into(),
        revision: 1,
    };
    let tied = Tied {
        reference: "component:default/payments-api".into(),
        title: "payments-api".into(),
        owner: Some("group:default/payments".into()),
        owner_title: Some("Payments".into()),
        owner_name: Some("payments".into()),
        channel: Some("#payments".into()),
        owner_channel: None,
        runbook: Some("https://runbooks.example/payments".into()),
        dashboards: Some("https://dashboards.example/a, javascript:alert(1)".into()),
    };
    let (ada, lin) = (somebody("PADA", "Ada Lindqvist", Some("ada")), somebody("PLIN", "Lin Wu", None));
    let around = Around {
        service: Some("Payments API".into()),
        service_url: None,
        policy: Some(("PEP1".into(), "Payments".into())),
        entities: vec![tied],
        on_call: vec![Turn { level: 1, who: ada.clone() }, Turn { level: 2, who: lin.clone() }],
        asked: vec![ada],
        helping: vec![Helping { state: "pending".into(), who: lin }],
        settled_by: None,
        near: vec![Near {
            number: 4700,
            title: "Ledger\nis <!channel> slow".into(),
            status: Status::Acknowledged,
            urgency: Urgency::Low,
            service: "Ledger".into(),
            created_at: at(-30),
            why: Nearness::Dependency,
        }],
        near_total: 3,
    };
    View { incident, around, changes: Changes::default() }
}

fn drawn(card: &Card) -> String {
    let public = "https://pin.example/".parse().expect("an address");
    let reader = Reader { public: &public, mentions: &HashMap::new(), zone: Tz::UTC, now: Some(at(5)) };
    terminal::text(card, &reader, terminal::Style { colour: false, width: 100 })
}

#[test]
fn a_card_says_what_broke_whose_it_is_and_who_deals_with_it() {
    insta::assert_snapshot!(drawn(&card(&view())), @"
    ✗ #4711 Payments fail

      Status:      Triggered · high urgency · P1
      Since:       1 Jan 2026 00:00 UTC
      Service:     payments-api (Payments API)
      Owner:       Payments
      Asked:       Ada Lindqvist
      Helping:     Lin Wu (pending)
      On call:     level 1: Ada Lindqvist · level 2: Lin Wu
      Runbook:     https://runbooks.example/payments
      Dashboards:  https://dashboards.example/a, javascript:alert(1)
      Bridge:      https://meet.example/payments
      PagerDuty:   Incident 4711 (https://mosaic.pagerduty.com/incidents/Q1)

    Also open
      • #4700 Ledger is <!channel> slow – acknowledged, low urgency · Ledger, a dependency · 35 minutes
        ago

    … and 2 more

    PagerDuty said so 4 minutes ago
    https://pin.example/incidents/4711
    ");
}

#[test]
fn what_is_over_asks_nobody() {
    let mut view = view();
    view.incident = Incident {
        status: Status::Resolved,
        resolved_at: Some(at(9)),
        changed_by: Some("Grace".into()),
        ..view.incident
    };
    let card = card(&view);
    assert_eq!(card.tone, Tone::Good);
    let drawn = drawn(&card);
    assert!(drawn.contains("ended") && drawn.contains("by Grace") && !drawn.contains("Asked"), "{drawn}");
}

#[test]
fn a_service_that_no_entity_names_is_shown_all_the_same() {
    let mut view = view();
    view.around.entities.clear();
    view.around.service = None;
    let drawn = drawn(&card(&view));
    assert!(drawn.contains("PSVC1 (no entity of the catalog names it)"), "{drawn}");
}

#[test]
fn what_happened_is_told_in_words_also_where_the_word_is_new() {
    let entry = |kind: &str, who: Option<&str>| LogEntry {
        id: "R".into(),
        at: at(0),
        kind: kind.into(),
        who: who.map(String::from),
        member_id: None,
        text: String::new(),
    };
    assert_eq!(happened(&entry("acknowledged", Some("Grace\nOkafor"))), "Acknowledged by Grace Okafor");
    assert_eq!(happened(&entry("escalated", None)), "Escalated");
    assert_eq!(happened(&entry("custom_field.updated", Some("Ada"))), "Custom field updated by Ada");
}
