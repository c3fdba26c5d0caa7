use serde_json::Value;
use sqlx::PgPool;

use super::scene::{PAYMENTS, words};
use super::{Event, Scene};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_ping_as_slack_shows_it(db: PgPool) {
    let scene = Scene::open(&db).await;
    scene.plays(&Event::triggered(4711, "Payments fail", &["PADA"])).await;
    let direct = scene.posted("D0ADA").0.remove(0);
    insta::assert_snapshot!("direct_text", words(&direct));
    let blocks = &direct.message().expect("a message")["blocks"];
    insta::assert_snapshot!("direct_blocks", without_ids(&serde_json::to_string_pretty(blocks).expect("JSON")));
    insta::assert_snapshot!("channel_text", words(&scene.posted(PAYMENTS).0[0]));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_storm_as_slack_shows_it(db: PgPool) {
    let scene = Scene::open(&db).await;
    for number in 1..=14 {
        scene.plays(&Event::triggered(number, &format!("Payments fail on host {number}"), &["PADA"])).await;
    }
    let event = Event::triggered(14, "Payments fail on host 14", &["PADA"]);
    scene.plays(&event.then(60, "acknowledged", Some("Grace Okafor"))).await;
    insta::assert_snapshot!("storm_text", words(&scene.posted(PAYMENTS).0[1]));
    insta::assert_snapshot!("storm_direct_text", words(&scene.posted("D0ADA").0[0]));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn hostile_words_stay_words(db: PgPool) {
    let scene = Scene::open(&db).await;
    let mut event = Event::triggered(1, "<!channel> *x* <https://evil.example|click>\n# a\0b", &["PADA"]);
    event.incident.priority = Some("<@U0GRACE>".into());
    event.incident.bridge_url = Some("javascript:alert(1)".into());
    event.incident.changed_by = Some("<!here>".into());
    event.incident.title = event.incident.title.replace('\0', "\u{fffd}");
    scene.plays(&event).await;
    event.happened = ("annotated", Some("<!everyone>"), "<!channel> ".repeat(2_000));
    event.incident.source_at += chrono::TimeDelta::seconds(9);
    scene.plays(&event).await;
    let all = [scene.post.slack.posted(PAYMENTS), scene.post.slack.posted("D0ADA")].concat();
    assert_eq!(all.len(), 3);
    for entry in all {
        let message = entry.message().expect("a message");
        assert_eq!(live(message), Vec::<String>::new());
        assert!(
            !live(&serde_json::json!([{ "type": "broadcast" }, { "type": "mrkdwn", "text": "a <!here>" }])).is_empty()
        );
    }
}

/// The same without our ids, which differ from run to run.
fn without_ids(text: &str) -> String {
    let id = |from: usize| text.get(from..from + 36)?.parse::<uuid::Uuid>().ok();
    let found = text.char_indices().filter_map(|(from, _)| id(from));
    found.fold(text.to_string(), |text, id| text.replace(&id.to_string(), "<id>"))
}

/// What Slack would take for more than words.
fn live(json: &Value) -> Vec<String> {
    let bad = ["<!channel", "<!here", "<!everyone", "<@U0GRACE", "<https://evil", "<javascript"];
    match json {
        Value::Array(all) => all.iter().flat_map(live).collect(),
        Value::Object(all) => {
            let kind = all.get("type").and_then(Value::as_str).unwrap_or("mrkdwn");
            let text = all.get("text").and_then(Value::as_str).unwrap_or_default();
            let link = all.get("url").and_then(Value::as_str).unwrap_or_default();
            let wrong = kind == "broadcast"
                || all.get("user_id").is_some_and(|it| it == "U0GRACE")
                || (kind == "mrkdwn" && bad.iter().any(|it| text.contains(it)))
                || ["javascript:", "https://evil"].iter().any(|it| link.starts_with(it));
            wrong.then(|| json.to_string()).into_iter().chain(all.values().flat_map(live)).collect()
        }
        _ => Vec::new(),
    }
}
