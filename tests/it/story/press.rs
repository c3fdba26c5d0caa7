//! Buttons: what they show, to whom, and what a forged one does.

use integrations::fake::slack::{Exchange, Visibility};
use serde_json::{Value, json};
use sqlx::PgPool;
use url::form_urlencoded;

use crate::common::{Office, answered, buttons, company, messages, said, scalar, signed};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn answers_are_private_until_they_are_shared(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let asked = office.slack.command("U0ADA", "/pin catalog payments-ledger").await;
    let entry = office.slack.answer(&asked).await.expect("an answer");
    assert_eq!(entry.visibility, Visibility::Ephemeral { to: "U0ADA".into() });
    let shared = office.slack.press("U0ADA", entry.id, "share").await.expect("a button");
    let shown = office.slack.answer(&shared).await.expect("an answer");
    assert_eq!(shown.visibility, Visibility::InChannel);
    let message = shown.message().expect("a message").to_string();
    assert!(message.contains("payments-ledger") && message.contains("Shared by <@U0ADA>"), "{message}");
    assert!(!buttons(shown.message().expect("a message")).iter().any(|it| it.0 == "share"));
    assert!(office.slack.press("U0GRACE", entry.id, "share").await.is_none(), "only who asked sees the private one");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn pressing_is_typing_with_the_pressers_rights(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let asked = office.slack.command("U0ADA", "/pin catalog payments-ledger").await;
    let answer = office.slack.answer(&asked).await.expect("an answer");
    let shared = office.slack.press("U0ADA", answer.id, "share").await.expect("a button");
    let shown = office.slack.answer(&shared).await.expect("an answer");
    let owner = office.slack.press("U0GRACE", shown.id, "read-0").await.expect("a button everybody sees");
    let entry = office.slack.answer(&owner).await.expect("an answer");
    assert_eq!(entry.visibility, Visibility::Ephemeral { to: "U0GRACE".into() });
    assert!(said(entry.message().expect("a message")).starts_with("Payments\n"));
    let stranger = office.slack.press("U0NOBODY", shown.id, "read-0").await.expect("a button everybody sees");
    assert!(said(&answered(&office.slack, &stranger).await).starts_with("! You are not linked yet"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn another_page_takes_the_place_of_the_one_before(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let asked = office.slack.command("U0ADA", "/pin team payments").await;
    let entry = office.slack.answer(&asked).await.expect("an answer");
    let next = buttons(entry.message().expect("a message"));
    let (next, _) = next.iter().find(|it| it.1 == "team payments --page 2").expect("a next page");
    let turned = office.slack.press("U0ADA", entry.id, next).await.expect("a button");
    let message = answered(&office.slack, &turned).await;
    assert!(said(&message).contains("11 to 13 of 13"), "{}", said(&message));
    let now = office.slack.transcript().into_iter().find(|it| it.id == entry.id).expect("the entry");
    assert_eq!(now.message(), Some(&message), "it took the place of the first page");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_forged_button_shares_nothing_that_is_personal(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    for (command, title) in [("whoami", "You are Ada"), ("link terminal", "A token")] {
        let exchange = pressed(&office, "U0ADA", "share", command).await;
        let entry = office.slack.answer(&exchange).await.expect("an answer");
        assert!(said(entry.message().expect("a message")).contains(title), "{command}: {entry:?}");
        assert_eq!(entry.visibility, Visibility::Ephemeral { to: "U0ADA".into() }, "{command}");
    }
    let public = office.slack.transcript().iter().filter(|it| it.visibility == Visibility::InChannel).count();
    assert_eq!(public, 0);
    let exchange = pressed(&office, "U0ADA", "share", "catalog <!channel>").await;
    let message = answered(&office.slack, &exchange).await.to_string();
    assert!(!message.contains("<!channel>\"}") && message.contains("&lt;!channel&gt;"), "{message}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn another_user_shares_with_their_own_rights(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let exchange = pressed(&office, "U0NOBODY", "share", "catalog payments-ledger").await;
    let entry = office.slack.answer(&exchange).await.expect("an answer");
    assert!(said(entry.message().expect("a message")).starts_with("! You are not linked yet"), "{entry:?}");
    assert!(matches!(entry.visibility, Visibility::Ephemeral { .. }), "{entry:?}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_press_sent_again_shares_once(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    let asked = office.slack.command("U0ADA", "/pin team payments").await;
    let entry = office.slack.answer(&asked).await.expect("an answer");
    let request = office.slack.pressed("U0ADA", entry.id, "share").expect("a button");
    let first = office.slack.deliver(&request).await;
    office.slack.answer(&first).await.expect("an answer");
    assert_eq!(office.slack.deliver(&request).await.status, Some(200));
    // What comes after the repeat is answered after it.
    office.token("U0ADA").await;
    assert_eq!(messages(&office.slack, &first).len(), 1);
    assert_eq!(scalar::<i64>(&db, "select count(*) from auth.request").await, 2);
}

/// A press of a button of Ada's, but by this user, and with another name and value than the button had.
async fn pressed(office: &Office, user: &str, action: &str, value: &str) -> Exchange {
    let asked = office.slack.command("U0ADA", "/pin help").await;
    let entry = office.slack.answer(&asked).await.expect("an answer");
    let named = buttons(entry.message().expect("a message")).into_iter().next().expect("a button").0;
    let request = office.slack.pressed("U0ADA", entry.id, &named).expect("a button");
    let form: Vec<(String, String)> = form_urlencoded::parse(&request.body).into_owned().collect();
    let mut payload: Value = serde_json::from_str(&form[0].1).expect("a payload");
    payload["user"]["id"] = json!(user);
    payload["actions"][0]["action_id"] = json!(action);
    payload["actions"][0]["value"] = json!(value);
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("payload", &payload.to_string()).finish();
    office.slack.deliver(&signed(&request, &office.secret(), body)).await
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn sharing_a_list_of_people_calls_nobody_but_names_who_shared(db: PgPool) {
    company(&db).await;
    let office = Office::open(&db).await;
    office.typed("U0GRACE", "/pin whoami").await;
    let asked = office.slack.command("U0ADA", "/pin team payments").await;
    let entry = office.slack.answer(&asked).await.expect("an answer");
    assert!(entry.message().expect("a message").to_string().contains("U0GRACE"), "who asks alone may see accounts");
    let shared = office.slack.press("U0ADA", entry.id, "share").await.expect("a button");
    let shown = office.slack.answer(&shared).await.expect("an answer").message().expect("a message").to_string();
    assert!(shown.contains("Grace Okafor") && !shown.contains("U0GRACE"), "{shown}");
    assert!(shown.contains("<@U0ADA>"), "{shown}");
}
