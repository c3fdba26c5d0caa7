use std::collections::{BTreeMap, BTreeSet};

use cards::Card;
use console::notify::{self, Destination, Lane, Message};
use integrations::fake::slack::CHANNEL;
use sqlx::PgPool;

use crate::common::{Office, company, until};

/// A page of figures: the kind of each name, and each line's value.
struct Figures {
    kinds: BTreeMap<String, String>,
    explained: BTreeSet<String>,
    values: BTreeMap<String, f64>,
}

async fn figures(office: &Office) -> Figures {
    let answer = reqwest::get(office.console.metrics.join("metrics").expect("an address")).await.expect("an answer");
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text().await.expect("a text");
    let second = |line: &str| line.split(' ').nth(2).expect("a name").to_string();
    let of = |mark: &str| text.lines().filter(|it| it.starts_with(mark)).map(String::from).collect::<Vec<_>>();
    let kinds = of("# TYPE ").iter().map(|it| (second(it), it.rsplit(' ').next().expect("a kind").into())).collect();
    let explained = of("# HELP ").iter().map(|it| second(it)).collect();
    let values = text.lines().filter(|it| !it.starts_with('#') && !it.is_empty());
    let values = values.map(|it| it.rsplit_once(' ').expect("a value"));
    let values = values.map(|(name, value)| (name.into(), value.parse().expect("a number"))).collect();
    Figures { kinds, explained, values }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn figures_say_what_was_asked_and_how_much_there_is(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    office.told("U0ADA", "/pin catalog payments").await;
    office.told("U0ADA", "/pin catalgo payments").await;
    let seen = figures(&office).await;
    let value = |name: &str| seen.values.get(name).copied();
    let command = |command, outcome| {
        value(&format!("pinconsole_commands_total{{command=\"{command}\",platform=\"slack\",outcome=\"{outcome}\"}}"))
    };
    assert_eq!(command("catalog", "ok"), Some(1.0), "{:?}", seen.values.keys());
    assert_eq!(command("unknown", "refused"), Some(1.0));
    assert_eq!(value("pinconsole_command_duration_seconds_count{command=\"catalog\"}"), Some(1.0));
    let posts = "pinconsole_http_requests_total{route=\"/slack/commands\",method=\"POST\",status=\"200\"}";
    assert_eq!(value(posts), Some(2.0));
    assert!(value("pinconsole_people{state=\"enabled\"}").is_some_and(|it| it > 0.0));
    assert_eq!(value("pinconsole_database_up"), Some(1.0));
    assert!(value("process_resident_memory_bytes").is_some_and(|it| it > 1_000_000.0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn figures_say_how_long_messages_and_jobs_took(db: PgPool) {
    let office = Office::open(&db).await;
    let to = Destination::SlackChannel(CHANNEL.into());
    notify::put(&db, &Message::new("one", Lane::Page, to, Card::new("One"))).await.expect("a message");
    let seen = until("both figures", async || {
        let seen = figures(&office).await;
        let sent = seen.values.get("pinconsole_outbox_delivery_duration_seconds_count{lane=\"page\"}").copied();
        let ran = seen.values.get("pinconsole_job_duration_seconds_count{job=\"housekeeping\"}").copied();
        (sent == Some(1.0) && ran == Some(1.0)).then_some(seen)
    })
    .await;
    let below =
        |most: &str| format!("pinconsole_outbox_delivery_duration_seconds_bucket{{lane=\"page\",le=\"{most}\"}}");
    assert_eq!(seen.values.get(&below("60")), Some(&1.0), "{:?}", seen.values.keys());
    assert_eq!(seen.values.get("pinconsole_administrators_configured"), Some(&0.0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn names_follow_prometheus_and_are_documented(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    office.told("U0ADA", "/pin help").await;
    let seen = figures(&office).await;
    let documented = super::super::tidy::metrics::documented();
    for (name, kind) in &seen.kinds {
        assert!(seen.explained.contains(name), "{name} is not explained");
        assert!(name.starts_with("pinconsole_") || name.starts_with("process_"), "{name} has no prefix");
        assert_eq!(name.ends_with("_total"), kind == "counter", "{name} is a {kind}");
        assert!(kind != "histogram" || name.ends_with("_seconds") || name.ends_with("_bytes"), "{name} has no unit");
        assert!(name.starts_with("process_") || documented.contains(name), "{name} is not in docs/metrics.md");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_stranger_cannot_make_figures_without_end(db: PgPool) {
    let office = Office::open(&db).await;
    let client = reqwest::Client::new();
    for number in 0..20 {
        let method = reqwest::Method::from_bytes(format!("M{number}").as_bytes()).expect("a method");
        let path = office.console.public.join(&format!("nowhere/{number}")).expect("an address");
        client.request(method, path).send().await.expect("an answer");
    }
    let counted = until("requests that were counted", async || {
        let seen = figures(&office).await;
        let strangers: Vec<String> = seen.values.keys().filter(|it| it.contains("route=\"none\"")).cloned().collect();
        (!strangers.is_empty()).then_some(strangers)
    });
    let counters = counted.await.into_iter().filter(|it| it.starts_with("pinconsole_http_requests_total")).count();
    assert_eq!(counters, 1, "one line for all of them");
}
