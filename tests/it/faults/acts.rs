//! What people ask PagerDuty for is done once each, whenever the program is killed: before it calls, while PagerDuty answers, or
//! before it has written down what came of it. Notes are counted, since PagerDuty takes the same note as often as it is sent.

use std::time::Duration;

use domain::audit::{self, Who};
use domain::incidents::errand::Order;
use integrations::fake::World;
use integrations::fake::pagerduty::{Company, Level, PagerDuty, PagerPolicy, PagerService, PagerUser};
use integrations::pagerduty::Urgency;
use secrecy::ExposeSecret;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Ground, Size, Tally};
use crate::common::{Program, people, until};

const MAIL: &str = "ada.pd@pinconsole.example";
const ACTION: &str = "annotate-incident";

/// Notes of one incident; they go one after another.
const EACH: usize = 6;

/// PagerDuty takes so long for each call, so that there is something to be killed in the middle of.
const SLOW: Duration = Duration::from_millis(60);

/// How long everything may take.
const PATIENCE: Duration = Duration::from_secs(180);

/// What waits is taken up again at once: whoever held it was killed, and nobody else is there.
const LEASES_END: &str = "update incidents.errand set leased_until = now() where state = 'waiting'";

fn played() -> Company {
    Company {
        users: vec![PagerUser::new("PADA", "Ada", MAIL)],
        schedules: vec![],
        policies: vec![PagerPolicy::new("PEP1", "Payments", vec![Level::users(&["PADA"])])],
        services: vec![PagerService::new("PPAY", "payments-api", "PEP1")],
        priorities: vec![],
    }
}

fn furnish(program: Program, pagerduty: &PagerDuty) -> Program {
    program
        .with("PAGERDUTY_API_TOKEN", pagerduty.api_token().expose_secret())
        .with("PAGERDUTY_API_URL", pagerduty.api_url())
        .with("PAGERDUTY_EVENTS_URL", pagerduty.events_url())
        .config("[schedule]\npagerduty = \"off\"\npagerduty_feed = \"off\"\n")
}

/// Orders a note, as somebody's command does.
async fn order(db: &PgPool, person: Uuid, (incident, note): (&str, &str)) {
    let request = Uuid::now_v7();
    let entry = audit::Entry {
        who: Who::Person(person, "ada".into()),
        action: ACTION.into(),
        resource: format!("incident:{incident}"),
        rule: "on call".into(),
        request: Some(request),
        detail: json!({}),
    };
    let receipt = audit::intend(db, &entry).await.expect("an intent").number;
    let (input, actor) = (json!({ "note": note }), Some(("PADA", MAIL)));
    let order = Order { action: ACTION, target: incident, input: &input, person, actor, request, receipt };
    order.place(db).await.expect("an order");
}

async fn count(db: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(db).await.expect("a number")
}

/// Kills the program again and again while it works, at another moment of a call each time.
async fn havoc(ground: &Ground, pagerduty: &PagerDuty, (kills, orders): (usize, usize)) {
    for blow in 0..kills {
        let due = (orders * (blow + 1) / (kills + 1)) as i64;
        until("the next blow", async || {
            let done = "select count(*) from incidents.errand where state <> 'waiting'";
            (count(&ground.db, done).await >= due).then_some(())
        })
        .await;
        match blow % 3 {
            0 => pagerduty.ambiguous(2),
            1 => pagerduty.silent(1),
            _ => {}
        }
        tokio::time::sleep(SLOW * u32::try_from(blow % 5).unwrap_or_default() / 2).await;
        ground.kill(0).await;
        // What it had sent before has arrived by now.
        tokio::time::sleep(SLOW * 2).await;
        sqlx::query(LEASES_END).execute(&ground.db).await.expect("leases that end");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_was_ordered_is_done_once_whenever_the_program_is_killed() {
    let size = Size::chosen();
    let world = World::start().await.expect("a world");
    let pagerduty = world.pagerduty();
    pagerduty.load(played());
    let prepare = async |db: &PgPool| people(db, "ada").await;
    let ground = Ground::with(1, prepare, |_, program| furnish(program, &pagerduty)).await;
    let ada: Uuid = sqlx::query_scalar("select id from org.person").fetch_one(&ground.db).await.expect("Ada");
    pagerduty.slow(SLOW);
    let mut tally = Tally::default();
    for incident in 0..size.incidents / EACH {
        let id = pagerduty.trigger("PPAY", &format!("Host {incident} is down"), Urgency::High);
        for note in 0..EACH {
            let note = format!("note {note} of {incident}");
            order(&ground.db, ada, (&id, &note)).await;
            tally.attempted.insert(note.clone());
            tally.acknowledged.insert(note);
        }
    }
    let orders = tally.attempted.len();
    havoc(&ground, &pagerduty, (size.kills, orders)).await;
    let ended = async {
        while count(&ground.db, "select count(*) from incidents.errand where state = 'waiting'").await > 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("everything ends");
    for event in pagerduty.events() {
        if event["event"]["event_type"] == "incident.annotated" {
            let note = event["event"]["data"]["content"].as_str().expect("a note").to_string();
            *tally.found.entry(note).or_default() += 1;
        }
    }
    println!("{orders} errands, the program killed {} times\n{tally}", size.kills);
    assert!(tally.lost().is_empty() && tally.unexpected().is_empty() && tally.doubled().is_empty());
    assert_eq!(count(&ground.db, "select count(*) from incidents.errand where state <> 'done'").await, 0);
    let outcomes =
        count(&ground.db, "select count(*) from audit.entry where kind = 'outcome' and outcome = 'done'").await;
    assert_eq!(outcomes, i64::try_from(orders).expect("a number"), "each is written down once");
    audit_holds(&ground.db).await;
    ground.close().await;
}

async fn audit_holds(db: &PgPool) {
    domain::audit_chain::verify(db, None).await.expect("rows").expect("a chain");
}
