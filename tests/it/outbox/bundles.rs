use cards::{Act, Card, Emphasis, Page};
use console::notify::{self, Destination, Lane, Message};
use domain::outbox_bundle::MOST;
use domain::outbox_list::{self, State};
use integrations::fake::slack::{CHANNEL, Slack, SlackChannel};
use sqlx::PgPool;
use uuid::Uuid;

use super::{Post, card};
use crate::common::people;

/// All words that the app posted in a channel, a message after the other.
fn words(slack: &Slack, channel: &str) -> Vec<String> {
    let entries = slack.posted(channel);
    entries.iter().filter_map(|it| Some(it.message()?.to_string())).collect()
}

/// In the how manieth message of the channel a title is shown.
fn place(slack: &Slack, title: &str) -> usize {
    words(slack, CHANNEL).iter().position(|it| it.contains(title)).expect("a message")
}

/// The titles of which each must be shown in exactly one message.
fn shown_once(slack: &Slack, channel: &str, titles: impl IntoIterator<Item = String>) {
    let words = words(slack, channel);
    for title in titles {
        // Once as it is drawn, once as notifications say it.
        let shown: Vec<_> = words.iter().filter(|it| it.contains(&title)).collect();
        assert_eq!(shown.len(), 1, "{title}: {words:#?}");
    }
}

async fn flood(post: &Post, lane: Lane, count: usize) {
    for number in 0..count {
        post.put(&format!("flood-{number:03}."), lane).await;
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn after_an_outage_hundreds_of_messages_arrive_within_a_minute_and_pages_to_people_one_by_one(db: PgPool) {
    people(&db, "ada").await;
    let ada: Uuid = sqlx::query_scalar("select id from org.person").fetch_one(&db).await.expect("Ada");
    let post = Post::open(&db).await;
    let sender = post.sender();
    post.slack.broken(100_000);
    flood(&post, Lane::Update, 300).await;
    for number in 0..30 {
        for (lane, word) in [(Lane::Page, "page"), (Lane::Digest, "digest")] {
            let key = format!("{word}-{number:03}.");
            post.message(&Message::new(key.clone(), lane, Destination::Person(ada), card(&key))).await;
        }
    }
    for _ in 0..60 {
        sender.once(16).await.expect("the outbox");
        post.pass(30.0).await;
    }
    assert!(words(&post.slack, CHANNEL).is_empty() && words(&post.slack, "D0ADA").is_empty());
    post.slack.well_again();
    let mut seconds = 0;
    while post.count(State::Waiting).await > 0 {
        sender.once(16).await.expect("the outbox");
        // Two may go in a second: one makes a message of many, the other one sends it.
        sender.once(16).await.expect("the outbox");
        post.pass(1.0).await;
        seconds += 1;
        assert!(seconds <= 60, "later than a minute after the outage: {} wait", post.count(State::Waiting).await);
    }
    shown_once(&post.slack, CHANNEL, (0..300).map(|it| format!("flood-{it:03}.")));
    shown_once(&post.slack, "D0ADA", (0..30).flat_map(|it| ["page", "digest"].map(|word| format!("{word}-{it:03}."))));
    let direct = post.said("D0ADA");
    assert!(direct[..30].iter().enumerate().all(|(number, it)| *it == format!("page-{number:03}.")), "{direct:?}");
    assert_eq!(direct[30..], ["30 messages"]);
    let channel = post.said(CHANNEL);
    let alone = channel.iter().filter(|it| it.starts_with("flood-")).count();
    assert!(alone <= 20 && channel.len() - alone <= 300 / MOST + 1, "{channel:?}");
    let order: Vec<usize> = (0..300).map(|it| place(&post.slack, &format!("flood-{it:03}."))).collect();
    assert!(order.is_sorted(), "the oldest first: {order:?}");
    assert_eq!((post.count(State::Dead).await, post.unsettled().await), (0, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn twenty_go_one_by_one(db: PgPool) {
    let post = Post::open(&db).await;
    flood(&post, Lane::Update, 20).await;
    post.send(&post.sender()).await;
    assert_eq!(post.said(CHANNEL).len(), 20);
    assert_eq!(post.count(State::Bundled).await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_bundle_links_what_it_lists_and_leaves_out_what_has_a_button(db: PgPool) {
    let post = Post::open(&db).await;
    let destination = || Destination::SlackChannel(CHANNEL.into());
    let button = card("press-me.").act("Do it", Act { intent: Uuid::nil(), version: 1 }, Emphasis::Primary);
    post.message(&Message::new("press", Lane::Update, destination(), button)).await;
    // Long ones, as many as go together.
    let title = |number: usize| format!("linked-{number:02}{}.", "-service".repeat(9));
    for number in 0..MOST {
        let card = Card::new(title(number)).page(Page::at(["catalog", "default", "component", &title(number)]));
        post.message(&Message::new(format!("k{number}"), Lane::Update, destination(), card)).await;
    }
    post.send(&post.sender()).await;
    assert_eq!(post.said(CHANNEL), ["press-me.".to_string(), format!("{MOST} messages")]);
    let listed = words(&post.slack, CHANNEL).remove(1);
    let drawn = |number: usize| {
        let title = title(number);
        listed.contains(&format!(r#""url":"https://pin.example/catalog/default/component/{title}","text":"{title}""#))
    };
    assert!((0..MOST).all(drawn), "{listed}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_listed_and_changes_is_posted_on_its_own_and_then_edited(db: PgPool) {
    let post = Post::open(&db).await;
    let sender = post.sender();
    flood(&post, Lane::Update, 30).await;
    post.send(&sender).await;
    assert_eq!((post.said(CHANNEL), post.count(State::Bundled).await), (vec!["30 messages".to_string()], 30));
    for says in ["worse", "worst"] {
        assert!(notify::edit(&db, "flood-007.", &card(says)).await.expect("an edit"));
        post.send(&sender).await;
    }
    assert_eq!(post.said(CHANNEL), ["30 messages", "worst"]);
    assert!(
        !post.message(&Message::new("flood-008.", Lane::Update, Destination::Administrators, card("flood-008."))).await
    );
    let answer = Message::new("answer", Lane::Update, Destination::SlackChannel(CHANNEL.into()), card("answer"));
    post.message(&answer.thread_of("flood-009.")).await;
    post.send(&sender).await;
    let entries = post.slack.posted(CHANNEL);
    let said = entries.last().and_then(|it| it.message()).expect("an answer");
    assert_eq!(said["thread_ts"], entries[0].ts(), "it answers the message that lists what it is about");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_bundle_that_nobody_gets_is_one_dead_letter_that_can_be_sent_again(db: PgPool) {
    let post = Post::open(&db).await;
    post.slack.channel(SlackChannel { archived: true, ..SlackChannel::new(CHANNEL, "pinconsole") });
    flood(&post, Lane::Update, 25).await;
    post.sender().once(1).await.expect("the outbox");
    post.sender().once(1).await.expect("the outbox");
    assert_eq!((post.count(State::Bundled).await, post.count(State::Dead).await), (25, 1));
    let later = chrono::Utc::now() + chrono::TimeDelta::days(31);
    outbox_list::forget(&db, later).await.expect("the outbox");
    assert_eq!(post.count(State::Bundled).await, 25, "what nobody got is not forgotten");
    post.slack.channel(SlackChannel::new(CHANNEL, "pinconsole"));
    assert_eq!(outbox_list::retry(&db, None).await.expect("the outbox"), 1);
    post.send(&post.sender()).await;
    shown_once(&post.slack, CHANNEL, (0..25).map(|it| format!("flood-{it:03}.")));
    outbox_list::forget(&db, later).await.expect("the outbox");
    assert_eq!(post.count(State::Bundled).await, 0);
}
