//! Subscribing, as it is typed in Slack to the program as it is shipped.

use console::notify::pull::tell;
use console::{Ctx, notify, usage};
use domain::github::{Change, Happened, Verdict};
use integrations::fake::slack::{CHANNEL, Entry};
use sqlx::PgPool;

use super::scene::{at, news, words};
use crate::common::{Office, company, until};

const PULL: &str = "
insert into github.actor (id, login, kind, source_at) values (2, 'ghopper', 'User', now());
insert into github.repository (id, name, source_at) values (10, 'mosaic-lane/payments', now());
insert into github.pull_request (id, repository_id, number, title, author_id, state, head_sha, base_ref, created_at, active_at, source_at)
values (100, 10, 7, 'Retry once', 2, 'open', 'aaa', 'main', now(), now(), now());
";

async fn happens(db: &PgPool, changes: Vec<Change>) {
    let ctx = Ctx::new(db.clone(), usage::recorder().0);
    let happened = Happened { pull_request_id: 100, at: at(0), by: Some(2), changes, was_ready: false, told: true };
    let mut transaction = db.begin().await.expect("a transaction");
    let news = [news(&mut transaction, happened).await];
    tell(&ctx, &mut transaction, &news).await.unwrap_or_else(|error| panic!("{error:?}"));
    transaction.commit().await.expect("committed");
    notify::wake();
}

/// What the channel got that holds these words.
async fn comes(office: &Office, what: &str) -> Entry {
    let holds = |it: &Entry| words(it).contains(what);
    until(what, async || office.slack.posted(CHANNEL).into_iter().find(holds)).await
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_typed_in_a_channel_makes_its_cards_there(db: PgPool) {
    company(&db).await;
    sqlx::raw_sql(PULL).execute(&db).await.expect("a pull request");
    let office = Office::open(&db).await;
    let told = office.told("U0ADA", "/pin subscribe mosaic-lane/payments opened reviews").await;
    assert!(told.contains("This channel is subscribed") && told.contains("#pinconsole"), "{told}");
    comes(&office, "This channel is told of pull requests of mosaic-lane/payments").await;

    happens(&db, vec![Change::Opened]).await;
    let card = comes(&office, "mosaic-lane/payments#7 Retry once").await;
    assert!(card.message().expect("a message").get("thread_ts").is_none());

    let verdict = Verdict::Approved;
    happens(&db, vec![Change::Reviewed { verdict, text: "Fine".into(), url: None }]).await;
    let answer = comes(&office, "ghopper approved").await;
    assert_eq!(answer.message().expect("a message")["thread_ts"], card.ts());

    sqlx::query("update github.pull_request set state = 'merged'").execute(&db).await.expect("merged");
    happens(&db, vec![Change::Merged]).await;
    let shown = |it: &Entry| it.ts() == card.ts() && words(it).contains("merged");
    until("the card to follow", async || office.slack.posted(CHANNEL).into_iter().find(shown)).await;

    let listed = office.told("U0GRACE", "/pin subscriptions").await;
    assert!(listed.contains("mosaic-lane/payments") && listed.contains("opened, reviews"), "{listed}");
    let told = office.told("U0ADA", "/pin unsubscribe zeppelin").await;
    assert!(told.contains("That is not subscribed here") && told.contains("subscriptions"), "{told}");
    // Of what has this name, one is subscribed here.
    let told = office.told("U0ADA", "/pin unsubscribe payments").await;
    assert!(told.contains("This channel is subscribed no longer"), "{told}");
}
