//! A form: opened at once, filled, its answers checked, shown and confirmed.

use integrations::fake::slack::{Modal, SlackMember, Visibility};
use serde_json::Value;
use sqlx::PgPool;
use url::form_urlencoded;

use super::office::{action, command};
use crate::common::{Office, company, scalar, signed, until};

const ADMINISTRATORS: &str = "[administrators]\ngroup = \"platform-admins\"\n";
const GOOD: [(&str, &str); 3] = [("platform", "Slack"), ("account", "U0OTHER"), ("reason", "works from there")];
const ASKED: &str = "select count(*) from auth.confirmation";
const LINKED: &str = "select count(*) from auth.account where external_id = 'U0OTHER'";

/// An office, and the press of Linus's button with the form about Ada, not sent yet.
async fn office(db: &PgPool) -> (Office, integrations::fake::slack::SignedRequest) {
    company(db).await;
    let office = Office::furnished(db, |it| it.config(ADMINISTRATORS)).await;
    office.slack.member(SlackMember::new("U0LINUS", "Linus Meyer", "linus@pinconsole.example"));
    office.slack.member(SlackMember::new("U0OTHER", "Ada at home", "ada@elsewhere.example"));
    let asked = office.slack.command("U0LINUS", "/pin account correct ada").await;
    let entry = office.slack.answer(&asked).await.expect("an answer");
    let name = action(entry.message().expect("a message"), "Correct");
    assert!(command(&entry, "Correct").contains(':'));
    let press = office.slack.pressed("U0LINUS", entry.id, &name).expect("a button");
    (office, press)
}

/// The only view that is open, once it was filled.
async fn view(office: &Office) -> Modal {
    let modal = until("a view", async || office.slack.modals().into_iter().find(|it| it.changes > 0)).await;
    assert_eq!(office.slack.modals().len(), 1);
    modal
}

/// Everything that a view says.
fn said(modal: &Modal) -> String {
    fn texts(value: &Value, into: &mut String) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, it)| match it {
                Value::String(words) if name == "text" => *into += &format!("{words}\n"),
                _ => texts(it, into),
            }),
            Value::Array(all) => all.iter().for_each(|it| texts(it, into)),
            _ => {}
        }
    }
    let mut said = String::new();
    texts(&modal.view, &mut said);
    said
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_form_goes_round(db: PgPool) {
    let (office, press) = office(&db).await;
    assert_eq!(office.slack.deliver(&press).await.status, Some(200));
    let form = view(&office).await;
    assert!(said(&form).contains("Accounts of Ada Lindqvist") && said(&form).contains("Reason"), "{}", said(&form));
    let submit = async |answers: &[(&str, &str)]| office.slack.submit("U0LINUS", &form.id, answers).await;
    assert!(submit(&GOOD[..2]).await.is_none(), "Slack itself asks for the reason");

    submit(&[("platform", "Slack"), ("account", "grace"), ("reason", "x")]).await.expect("answers");
    let wrong = view(&office).await.errors;
    assert!(wrong["account"].as_str().is_some_and(|it| it.contains("member id")) && wrong.len() == 1, "{wrong:?}");
    office.typed("U0GRACE", "/pin whoami").await;
    submit(&[("platform", "Slack"), ("account", "U0GRACE"), ("reason", "x")]).await.expect("answers");
    let wrong = view(&office).await.errors;
    assert!(wrong["account"].as_str().is_some_and(|it| it.starts_with("grace has it")), "{wrong:?}");
    assert_eq!(scalar::<i64>(&db, ASKED).await, 0);

    submit(&GOOD).await.expect("answers");
    let question = view(&office).await;
    let told = said(&question);
    assert!(told.contains("Correct an account of Ada Lindqvist?") && told.contains("works from there"), "{told}");
    assert_eq!((question.view["submit"]["text"].as_str(), scalar::<i64>(&db, LINKED).await), (Some("Confirm"), 0));
    submit(&[]).await.expect("a confirmation");
    let done = said(&view(&office).await);
    assert!(done.contains("Corrected") && done.contains("U0OTHER"), "{done}");
    assert!(office.told("U0OTHER", "/pin whoami").await.starts_with("You are Ada Lindqvist"));
    let trail = "select string_agg(kind, ' ' order by number) from audit.entry where action = 'correct-account'";
    assert_eq!(scalar::<String>(&db, trail).await, "intent outcome");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_sent_again_runs_nothing_twice(db: PgPool) {
    let (office, press) = office(&db).await;
    let slack = &office.slack;
    for _ in 0..3 {
        assert_eq!(slack.deliver(&press).await.status, Some(200));
    }
    let form = view(&office).await;
    let answers = slack.submitted("U0LINUS", &form.id, &GOOD).expect("answers");
    assert!(slack.deliver(&answers).await.body.contains("response_action"));
    assert_eq!(slack.deliver(&answers).await.body, "", "said once");
    assert_eq!(scalar::<i64>(&db, ASKED).await, 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_confirmation_sent_again_acts_once(db: PgPool) {
    let (office, press) = office(&db).await;
    let slack = &office.slack;
    slack.deliver(&press).await;
    let form = view(&office).await;
    slack.submit("U0LINUS", &form.id, &GOOD).await.expect("answers");
    let confirm = slack.submitted("U0LINUS", &form.id, &[]).expect("a confirmation");
    let sent = [confirm.clone(), confirm.clone(), confirm.clone()];
    let exchanges = futures::future::join_all(sent.iter().map(|it| slack.deliver(it))).await;
    assert!(exchanges.iter().all(|it| it.status == Some(200)));
    assert_eq!(exchanges.iter().filter(|it| it.body.contains("Corrected")).count(), 1);
    let intents = "select count(*) from audit.entry where action = 'correct-account' and kind = 'intent'";
    assert_eq!((scalar::<i64>(&db, intents).await, scalar::<i64>(&db, LINKED).await), (1, 1));
    let open = "select count(*) from auth.request where finished_at is null";
    until("an end", async || (scalar::<i64>(&db, open).await == 0).then_some(())).await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_came_of_a_view_that_was_closed_is_told_by_message(db: PgPool) {
    let (office, press) = office(&db).await;
    office.slack.deliver(&press).await;
    let form = view(&office).await;
    office.slack.submit("U0LINUS", &form.id, &GOOD).await.expect("answers");
    let mut held = db.begin().await.expect("a transaction");
    sqlx::query("select from auth.intent for update").execute(&mut *held).await.expect("the intent");
    let waiting = office.slack.submit("U0LINUS", &form.id, &[]).await.expect("a confirmation");
    assert!(waiting.body.contains("One moment") && waiting.took.as_secs() < 3, "{waiting:?}");
    office.slack.close("U0LINUS", &form.id).await;
    held.rollback().await.expect("an end");
    let told = until("a message", async || {
        let all = office.slack.transcript().into_iter().filter(|it| matches!(it.visibility, Visibility::Direct { .. }));
        all.filter_map(|it| it.message()?["text"].as_str().map(String::from)).next()
    });
    assert!(told.await.starts_with("✓ Corrected"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_question_that_is_closed_is_taken_back(db: PgPool) {
    let (office, press) = office(&db).await;
    office.slack.deliver(&press).await;
    let form = view(&office).await;
    office.slack.submit("U0LINUS", &form.id, &GOOD).await.expect("answers");
    assert_eq!(scalar::<i64>(&db, ASKED).await, 1);
    office.slack.close("U0LINUS", &form.id).await.expect("the app is told");
    until("no question", async || (scalar::<i64>(&db, ASKED).await == 0).then_some(())).await;
    assert_eq!(scalar::<i64>(&db, LINKED).await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_form_opens_before_anything_is_looked_up(db: PgPool) {
    let (office, press) = office(&db).await;
    let mut held = db.begin().await.expect("a transaction");
    sqlx::query("lock table auth.intent in access exclusive mode").execute(&mut *held).await.expect("a lock");
    assert_eq!(office.slack.deliver(&press).await.status, Some(200));
    let opened = until("a view", async || office.slack.modals().pop()).await;
    assert!(opened.changes == 0 && said(&opened).contains("One moment"), "{opened:?}");
    held.rollback().await.expect("an end");
    assert!(said(&view(&office).await).contains("Accounts of Ada Lindqvist"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_may_not_gets_no_form_and_sends_none(db: PgPool) {
    let (office, press) = office(&db).await;
    let forged = |request: &integrations::fake::slack::SignedRequest| {
        let form: Vec<(String, String)> = form_urlencoded::parse(&request.body).into_owned().collect();
        let payload = form[0].1.replace("U0LINUS", "U0GRACE");
        let body = form_urlencoded::Serializer::new(String::new()).append_pair("payload", &payload).finish();
        signed(request, &office.secret(), body)
    };
    office.slack.deliver(&forged(&press)).await;
    let refused = view(&office).await;
    let told = said(&refused);
    assert!(told.contains("You may not correct an account") && told.contains("Platform Administrators"), "{told}");
    assert!(refused.view.get("submit").is_none());

    office.slack.close("U0LINUS", &refused.id).await;
    let asked = office.slack.command("U0LINUS", "/pin account correct ada").await;
    let entry = office.slack.answer(&asked).await.expect("an answer");
    let name = action(entry.message().expect("a message"), "Correct");
    office.slack.press("U0LINUS", entry.id, &name).await.expect("a button");
    let form = view(&office).await;
    let answers = office.slack.submitted("U0LINUS", &form.id, &GOOD).expect("answers");
    let exchange = office.slack.deliver(&forged(&answers)).await;
    assert!(exchange.body.contains("You may not correct an account"), "{exchange:?}");
    assert_eq!(scalar::<i64>(&db, ASKED).await, 0);
}
