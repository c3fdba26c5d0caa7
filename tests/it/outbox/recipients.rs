use console::Administrators;
use console::notify::{Destination, Lane, Message};
use domain::outbox_list::State;
use domain::person::Person;
use integrations::fake::slack::{CHANNEL, SlackChannel, SlackMember};
use sqlx::PgPool;
use uuid::Uuid;

use super::{Post, card};
use crate::common::people;

async fn person(db: &PgPool, name: &str) -> Uuid {
    Person::named(db, name).await.expect("people").expect("a person").id
}

async fn to_person(post: &Post, key: &str, name: &str) -> Message {
    Message::new(key, Lane::Page, Destination::Person(person(&post.db, name).await), card(key))
}

fn to_channel(key: &str, channel: &str) -> Message {
    Message::new(key, Lane::Page, Destination::SlackChannel(channel.into()), card(key))
}

fn to_administrators(key: &str) -> Message {
    Message::new(key, Lane::Page, Destination::Administrators, card(key))
}

fn group() -> Administrators {
    Administrators { group: Some("everybody".into()), channel: None }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn somebody_who_never_typed_is_found_by_address(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let post = Post::open(&db).await;
    let sender = post.sender();
    for key in ["one", "two"] {
        post.message(&to_person(&post, key, "ada").await).await;
    }
    post.send(&sender).await;
    assert_eq!(post.said("D0ADA"), ["one", "two"]);
    assert!(post.slack.posted("D0ADA").iter().all(|it| it.seen_by("U0ADA") && !it.seen_by("U0GRACE")));
    // The account is remembered with its proof, and the room as long as the process lives.
    assert_eq!((post.slack.calls("users.lookupByEmail"), post.slack.calls("conversations.open")), (1, 1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn only_proven_members_are_messaged(db: PgPool) {
    people(&db, "guest\nunproven\ngone\nnobody\noff disabled").await;
    let post = Post::open(&db).await;
    let member = |name: &str| SlackMember::new(format!("U0{name}"), name, format!("{name}@pinconsole.example"));
    post.slack.member(SlackMember { guest: true, ..member("guest") });
    post.slack.member(SlackMember { email_confirmed: false, ..member("unproven") });
    post.slack.member(SlackMember { deleted: true, ..member("gone") });
    post.slack.member(member("off"));
    for name in ["guest", "unproven", "gone", "nobody", "off"] {
        post.message(&Message { about_delivery: true, ..to_person(&post, name, name).await }).await;
    }
    post.send(&post.sender()).await;
    insta::assert_snapshot!(post.listed().await.join("\n"), @"
    guest: dead (no member of the workspace has proven the address of guest)
    unproven: dead (no member of the workspace has proven the address of unproven)
    gone: dead (no member of the workspace has proven the address of gone)
    nobody: dead (no member of the workspace has proven the address of nobody)
    off: dead (the directory has disabled off)
    ");
    assert_eq!(post.slack.calls("chat.postMessage"), 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_destination_that_fails_for_good_gives_way_to_the_next_and_says_so(db: PgPool) {
    people(&db, "ada\nghost").await;
    let post = Post::open(&db).await;
    post.slack.channel(SlackChannel { archived: true, ..SlackChannel::new("C0OLD", "old") });
    let ghost = Destination::Person(person(&db, "ghost").await);
    let message = to_channel("one", "C0OLD").or_else(ghost).or_else(Destination::SlackChannel(CHANNEL.into()));
    post.message(&message).await;
    post.send(&post.sender()).await;
    assert_eq!(post.said(CHANNEL), ["one"]);
    let drawn = post.slack.posted(CHANNEL)[0].message().expect("a message")["blocks"].to_string();
    assert!(drawn.contains("is_archived") && drawn.contains("has proven the address of ghost"), "{drawn}");
    assert_eq!(post.count(State::Dead).await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn administrators_are_told_what_nobody_got_once_a_destination_and_day(db: PgPool) {
    let channel = Administrators { group: None, channel: Some(CHANNEL.into()) };
    let post = Post::with(&db, channel).await;
    for key in ["one", "two"] {
        post.message(&to_channel(key, "C0NONE")).await;
    }
    post.send(&post.sender()).await;
    assert_eq!(post.said(CHANNEL), ["✗ A message could not be delivered"]);
    let said = post.slack.posted(CHANNEL)[0].message().expect("a message")["text"].to_string();
    for part in ["two", "channel_not_found", "2 messages that nobody got", "pinconsole outbox retry"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_alarm_that_nobody_gets_raises_no_alarm(db: PgPool) {
    let channel = Administrators { group: None, channel: Some("C0NONE".into()) };
    let post = Post::with(&db, channel).await;
    post.message(&to_channel("one", "C0GONE")).await;
    post.send(&post.sender()).await;
    post.pass(3600.0).await;
    post.send(&post.sender()).await;
    // The message, what tells of it, and that one's copy for the channel.
    assert_eq!((post.count(State::Dead).await, post.count(State::Passed).await), (2, 1));
    assert_eq!(post.slack.calls("chat.postMessage"), 2);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn without_a_channel_each_administrator_gets_a_direct_message(db: PgPool) {
    people(&db, "ada\ngrace\noff disabled").await;
    let post = Post::with(&db, group()).await;
    post.message(&to_administrators("one")).await;
    let sender = post.sender();
    post.send(&sender).await;
    assert_eq!((post.said("D0ADA"), post.said("D0GRACE")), (vec!["one".to_string()], vec!["one".to_string()]));
    assert_eq!(post.slack.calls("chat.postMessage"), 2);
    post.message(&Message { card: card("changed"), ..to_administrators("one") }).await;
    post.send(&sender).await;
    assert_eq!((post.said("D0ADA"), post.said("D0GRACE")), (vec!["changed".to_string()], vec!["changed".to_string()]));
    assert_eq!((post.slack.calls("chat.postMessage"), post.slack.calls("chat.update")), (2, 2));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_channel_of_administrators_that_is_gone_gives_way_to_each_of_them(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let post = Post::with(&db, Administrators { channel: Some("C0NONE".into()), ..group() }).await;
    post.message(&to_administrators("one")).await;
    post.send(&post.sender()).await;
    assert_eq!((post.said("D0ADA"), post.said("D0GRACE")), (vec!["one".to_string()], vec!["one".to_string()]));
    let drawn = post.slack.posted("D0ADA")[0].message().expect("a message")["blocks"].to_string();
    assert!(drawn.contains("channel_not_found"), "{drawn}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn without_administrators_nothing_is_wrong_and_later_news_reaches_who_is_named(db: PgPool) {
    people(&db, "ada").await;
    let post = Post::open(&db).await;
    post.message(&to_administrators("one")).await;
    post.send(&post.sender()).await;
    assert!(post.listed().await[0].starts_with("one: passed (for administrators, and none are configured"));
    assert_eq!((post.count(State::Dead).await, post.count(State::Waiting).await), (0, 0));
    let named = Post::with(&db, group()).await;
    named.message(&Message { card: card("changed"), ..to_administrators("one") }).await;
    named.send(&named.sender()).await;
    assert_eq!(named.said("D0ADA"), ["changed"]);
}
