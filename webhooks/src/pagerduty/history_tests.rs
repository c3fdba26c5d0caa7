//! Whatever the order in which events come, however often, and however many are lost: once read, all is as it was last.

use std::collections::BTreeMap;

use console::pagerduty::What;
use domain::incidents::{Assignee, Incident, Status};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::apply_tests::{all_applied, applied, event, incident, read, reading};

/// Incidents of one history.
const INCIDENTS: usize = 3;

/// What happens to one of them; time passes before.
#[derive(Clone, Debug)]
struct Step {
    incident: usize,
    /// Of which many lie in one second.
    millis: i64,
    kind: usize,
    who: usize,
    /// How often its event comes; none means that it is lost.
    copies: usize,
    /// By which the events are shuffled.
    order: u32,
}

const KINDS: [(&str, &str); 6] = [
    ("incident.triggered", "triggered"),
    ("incident.acknowledged", "acknowledged"),
    ("incident.resolved", "resolved"),
    ("incident.reopened", "triggered"),
    ("incident.escalated", "triggered"),
    ("incident.reassigned", "acknowledged"),
];

const PEOPLE: [&str; 3] = ["PADA", "PGRACE", "PLIN"];

fn step() -> impl Strategy<Value = Step> {
    (0..INCIDENTS, 1..1500_i64, 0..KINDS.len(), 0..PEOPLE.len(), 0..4_usize, any::<u32>())
        .prop_map(|(incident, millis, kind, who, copies, order)| Step { incident, millis, kind, who, copies, order })
}

impl Step {
    fn asked(&self) -> Vec<&'static str> {
        if KINDS[self.kind].1 == "resolved" { vec![] } else { vec![PEOPLE[self.who]] }
    }
}

fn of(mut value: Value, id: &str) -> Value {
    value["id"] = json!(id);
    value
}

/// What the incidents are in the end, by a model that forgets everything but the last step.
fn model(history: &[(i64, Step)], name: impl Fn(usize) -> String) -> BTreeMap<String, (String, Vec<String>, i64)> {
    history
        .iter()
        .map(|(at, it)| {
            let asked = it.asked().into_iter().map(String::from).collect();
            (name(it.incident), (KINDS[it.kind].1.to_string(), asked, *at))
        })
        .collect()
}

async fn play(db: &PgPool, round: usize, steps: &[Step]) {
    let name = |it: usize| format!("Q{round}N{it}");
    let mut now = 0;
    let history: Vec<(i64, Step)> = steps
        .iter()
        .map(|it| {
            now += it.millis;
            (now, it.clone())
        })
        .collect();
    let mut events: Vec<_> = history
        .iter()
        .enumerate()
        .flat_map(|(nth, (at, it))| {
            (0..it.copies).map(move |copy| (it.order.rotate_left(copy as u32 * 7), nth, *at, it.clone()))
        })
        .collect();
    events.sort_by_key(|it| (it.0, it.1));
    let told = events.into_iter().map(|(_, nth, at, it)| {
        let data = of(incident(KINDS[it.kind].1, &it.asked()), &name(it.incident));
        event(&format!("01{round:04}{nth:04}"), KINDS[it.kind].0, at, data)
    });
    // One by one, or several at once.
    for together in told.collect::<Vec<_>>().chunks(1 + round % 5) {
        all_applied(db, together).await;
    }
    let expected = model(&history, name);
    for (id, (status, asked, updated)) in &expected {
        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        let seconds = updated / 1000 * 1000;
        let body = of(read(status, &asked, seconds), id);
        // PagerDuty was asked in the second after the last thing happened.
        let read_at = (now / 1000 + 1) * 1000;
        applied(db, &reading((What::Incident, id), (read_at, Some(seconds)), &body)).await;
    }
    for (id, (status, asked, _)) in &expected {
        let it = Incident::with_id(db, id).await.expect("read").expect("known");
        let of: Vec<String> = Assignee::of(db, id).await.expect("read").into_iter().map(|it| it.member_id).collect();
        assert_eq!((it.status, of), (Status::from_word(status).expect("a word"), asked.clone()), "{id} of {steps:?}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn every_history_ends_as_it_was_last(db: PgPool) {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    for round in 0..60 {
        let steps = vec(step(), 1..25).new_tree(&mut runner).expect("a history").current();
        play(&db, round, &steps).await;
    }
}
