use console::Administrators;
use domain::run::Outcome;
use integrations::fake::slack::CHANNEL;
use sqlx::PgPool;

use super::Post;
use crate::common::{reading, scalar};

fn staff(count: usize) -> String {
    (0..count).map(|it| format!("p{it:02}\n")).collect()
}

async fn post(db: &PgPool) -> Post {
    Post::with(db, Administrators { group: None, channel: Some(CHANNEL.into()) }).await
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_refused_plan_is_one_alarm_until_it_is_settled(db: PgPool) {
    let post = post(&db).await;
    let sender = post.sender();
    reading(&db, &staff(40)).await;
    for _ in 0..3 {
        assert_eq!(reading(&db, &staff(20)).await.outcome, Outcome::Refused);
        post.send(&sender).await;
    }
    assert_eq!((post.slack.calls("chat.postMessage"), post.slack.calls("chat.update")), (1, 2), "no new ping");
    let said = post.said(CHANNEL).join("\n");
    assert!(said.contains("Directory (LDAP) was not applied"), "{said}");
    let text = post.slack.posted(CHANNEL)[0].message().expect("a message")["text"].to_string();
    assert!(text.contains("20 of 40 people would leave") && text.contains("40 -&gt; 20"), "{text}");
    assert!(reading(&db, &staff(40)).await.outcome.good());
    post.send(&sender).await;
    let said = post.said(CHANNEL).join("\n");
    assert!(said.contains("settled") && said.lines().count() == 1, "{said}");
    // What is settled stays so.
    reading(&db, &staff(40)).await;
    post.send(&sender).await;
    assert_eq!((post.slack.calls("chat.postMessage"), post.slack.calls("chat.update")), (1, 3));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_came_and_who_left_is_told_once_a_reading(db: PgPool) {
    let post = post(&db).await;
    let sender = post.sender();
    reading(&db, "ada\ngrace\n").await;
    reading(&db, "ada\ngrace\n").await;
    post.send(&sender).await;
    assert_eq!(post.said(CHANNEL), [""; 0], "the first reading and one without changes are no news");
    reading(&db, "ada\nlinus\n").await;
    post.send(&sender).await;
    let entry = post.slack.posted(CHANNEL).pop().expect("a summary");
    let text = entry.message().expect("a message")["text"].as_str().unwrap_or_default().to_string();
    assert!(text.contains("who came and who left") && text.contains("linus") && text.contains("grace"), "{text}");
    assert!(!text.contains("ada"), "{text}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_reading_and_what_is_told_of_it_are_kept_together_or_not_at_all(db: PgPool) {
    reading(&db, &staff(40)).await;
    sqlx::query("alter table notify.message add constraint nothing check (false) not valid")
        .execute(&db)
        .await
        .expect("ddl");
    let own = db.clone();
    let refused = tokio::spawn(async move { reading(&own, &staff(20)).await }).await;
    assert!(refused.is_err(), "the reading reports that it could not be kept");
    let kept: i64 = scalar(&db, "select count(*) from catalog.run where outcome = 'refused'").await;
    assert_eq!(kept, 0);
}
