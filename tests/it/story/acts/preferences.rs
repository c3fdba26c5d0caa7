//! The form in which somebody chooses what they are told.

use integrations::fake::slack::Modal;
use sqlx::PgPool;

use super::office::action;
use crate::common::{Office, company, scalar, until};

async fn view(office: &Office, changes: u32) -> Modal {
    until("a view", async || office.slack.modals().into_iter().find(|it| it.changes >= changes)).await
}

/// What stands in a field already.
fn stands(modal: &Modal, field: &str) -> String {
    let blocks = modal.view["blocks"].as_array().expect("blocks");
    let element = &blocks.iter().find(|it| it["block_id"] == field).unwrap_or_else(|| panic!("no {field}"))["element"];
    let text = element["initial_value"].as_str().or(element["initial_option"]["value"].as_str());
    text.unwrap_or_default().into()
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_form_shows_what_is_so_and_keeps_what_is_chosen(db: PgPool) {
    company(&db).await;
    let office = Office::furnished(&db, |it| {
        it.config("[notifications]\nquiet = \"21:00-06:00\"\nkinds = { checks = \"off\" }\n")
    })
    .await;
    let asked = office.slack.command("U0ADA", "/pin notifications").await;
    let entry = office.slack.answer(&asked).await.expect("an answer");
    let drawn = entry.message().expect("a message").to_string();
    assert!(drawn.contains("21:00-06:00") && drawn.contains("off, as everybody has it"), "{drawn}");
    let press = office
        .slack
        .pressed("U0ADA", entry.id, &action(entry.message().expect("a message"), "Change"))
        .expect("a button");
    assert_eq!(office.slack.deliver(&press).await.status, Some(200));
    let form = view(&office, 1).await;
    assert_eq!(["quiet", "checks", "merges"].map(|it| stands(&form, it)), ["", "off", "direct"]);

    let wrong = [("quiet", "9-9"), ("merges", "off")];
    office.slack.submit("U0ADA", &form.id, &wrong).await.expect("answers");
    assert!(view(&office, 1).await.errors.contains_key("quiet"));
    let answers = [
        ("quiet", "22:00-08:00"),
        ("zone", "Europe/Berlin"),
        ("merges", "off"),
        ("checks", "direct"),
        ("comments", "direct"),
    ];
    office.slack.submit("U0ADA", &form.id, &answers).await.expect("answers");
    let told = until("an answer", async || {
        let text = office.slack.modals().first()?.view.to_string();
        text.contains("Noted").then_some(text)
    });
    assert!(told.await.contains("22:00-08:00"));
    let chosen = "select string_agg(kind || ' ' || way, ', ' order by kind) from preferences.choice";
    assert_eq!(scalar::<String>(&db, chosen).await, "checks direct, merges off");
    let trail = "select string_agg(kind || coalesce(' ' || outcome, ''), ', ' order by number) from audit.entry
        where action = 'choose-notifications'";
    assert_eq!(scalar::<String>(&db, trail).await, "intent, outcome done");
}
