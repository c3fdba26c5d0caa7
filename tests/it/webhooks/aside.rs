//! What could not be applied is told to whoever can mend it.

use bytes::Bytes;
use chrono::Utc;
use domain::delivery::{Arrived, Content, Source, State, store};
use integrations::fake::slack::SlackMember;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::common::{Office, company, scalar, until};

const ADMINISTRATORS: &str = "[administrators]\ngroup = \"platform-admins\"\n";

fn arrived(id: &str) -> Arrived {
    Arrived {
        id: Uuid::now_v7(),
        source: Source::Pagerduty,
        external_id: id.into(),
        event: "incident.triggered".into(),
        action: None,
        subject: Some(id.into()),
        received_at: Utc::now(),
        source_at: None,
        state: State::Pending,
        content: Content::Json,
        headers: json!({}),
        body: Bytes::from_static(b"{}"),
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn administrators_hear_once_of_a_kind_of_event_that_is_not_understood(db: PgPool) {
    company(&db).await;
    let office = Office::furnished(&db, |it| it.config(ADMINISTRATORS)).await;
    office.slack.member(SlackMember::new("U0LINUS", "Linus Meyer", "linus@pinconsole.example"));
    until("events", async || store(&db, &[&arrived("01A"), &arrived("01B")]).await.ok()).await;
    let odd = "select count(*) from inbox.delivery where state = 'unparsed'";
    until("events that are not understood", async || (scalar::<i64>(&db, odd).await == 2).then_some(())).await;
    let waiting = "select count(*) from notify.message where state = 'waiting'";
    until("silence", async || (scalar::<i64>(&db, waiting).await == 0).then_some(())).await;
    let posted = office.slack.posted("D0LINUS").into_iter();
    let told = posted.map(|it| it.message().expect("a message").to_string());
    let told: Vec<String> = told.filter(|it| it.contains("\"text\":\"✗ An event was not understood")).collect();
    let [told] = told.as_slice() else { panic!("one message for both: {told:?}") };
    assert!(told.contains("inbox list --state unparsed") && told.contains("Try it again"), "{told}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn administrators_hear_once_of_a_kind_of_event_that_is_set_aside(db: PgPool) {
    company(&db).await;
    let office = Office::furnished(&db, |it| it.config(ADMINISTRATORS)).await;
    office.slack.member(SlackMember::new("U0LINUS", "Linus Meyer", "linus@pinconsole.example"));
    // As if the program had ended each time that it applied them. While it makes room for this month nothing can be stored.
    until("events", async || {
        let mut transaction = db.begin().await.ok()?;
        store(&mut *transaction, &[&arrived("01A"), &arrived("01B")]).await.ok()?;
        sqlx::query("update inbox.delivery set attempts = 8").execute(&mut *transaction).await.ok()?;
        transaction.commit().await.ok()
    })
    .await;
    let dead = "select count(*) from inbox.delivery where state = 'dead'";
    until("events that are set aside", async || (scalar::<i64>(&db, dead).await == 2).then_some(())).await;
    let waiting = "select count(*) from notify.message where state = 'waiting'";
    until("silence", async || (scalar::<i64>(&db, waiting).await == 0).then_some(())).await;
    let posted = office.slack.posted("D0LINUS").into_iter();
    let told = posted.map(|it| it.message().expect("a message").to_string());
    let told: Vec<String> = told.filter(|it| it.contains("\"text\":\"✗ An event was set aside")).collect();
    let [told] = told.as_slice() else { panic!("one message for both: {told:?}") };
    assert!(told.contains("pinconsole inbox retry") && told.contains("Try it again"), "{told}");
    assert!(told.contains("the program ended each time"), "{told}");
    assert!(office.slack.posted("D0GRACE").is_empty(), "nobody else is told");
}
