use std::time::Duration;

use console::notify::{Destination, Lane, Message};
use integrations::fake::slack::{CHANNEL, Kind, Trouble, When};
use sqlx::PgPool;

use super::{Post, card};
use crate::common::until;

fn message(key: &str, says: &str) -> Message {
    Message::new(key, Lane::Update, Destination::SlackChannel(CHANNEL.into()), card(says))
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn several_changes_before_it_is_sent_are_one_message(db: PgPool) {
    let post = Post::open(&db).await;
    for says in ["first", "second", "third"] {
        post.message(&message("one", says)).await;
    }
    post.send(&post.sender()).await;
    assert_eq!(post.said(CHANNEL), ["third"]);
    assert_eq!((post.slack.calls("chat.postMessage"), post.slack.calls("chat.update")), (1, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn several_changes_after_it_was_sent_are_one_edit(db: PgPool) {
    let post = Post::open(&db).await;
    let sender = post.sender();
    post.message(&message("one", "first")).await;
    post.send(&sender).await;
    for says in ["second", "third", "fourth"] {
        post.message(&message("one", says)).await;
    }
    post.send(&sender).await;
    assert_eq!(post.said(CHANNEL), ["fourth"]);
    assert_eq!((post.slack.calls("chat.postMessage"), post.slack.calls("chat.update")), (1, 1));
    let Kind::Message { json, .. } = &post.slack.posted(CHANNEL)[0].kind else { panic!("a message") };
    assert!(json["metadata"]["event_payload"]["id"].is_string(), "its metadata stays: {json}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_same_words_again_change_nothing(db: PgPool) {
    let post = Post::open(&db).await;
    assert!(post.message(&message("one", "same")).await);
    post.send(&post.sender()).await;
    assert!(!post.message(&message("one", "same")).await);
    post.send(&post.sender()).await;
    assert_eq!((post.slack.calls("chat.postMessage"), post.slack.calls("chat.update")), (1, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_somebody_took_away_is_posted_anew_once(db: PgPool) {
    let (post, mut deleted) = (Post::open(&db).await, 0);
    let sender = post.sender();
    post.message(&message("one", "first")).await;
    post.send(&sender).await;
    for says in ["second", "third"] {
        let entry = post.slack.posted(CHANNEL).pop().expect("a message");
        post.slack.delete(entry.id);
        deleted += 1;
        post.message(&message("one", says)).await;
        post.send(&sender).await;
        let left = if deleted == 1 { vec!["second"] } else { vec![] };
        assert_eq!(post.said(CHANNEL), left, "after {deleted}");
    }
    assert!(post.listed().await[0].starts_with("one: dead (Slack answered `message_not_found`"));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_answer_waits_for_what_it_answers_and_lies_in_its_thread(db: PgPool) {
    let post = Post::open(&db).await;
    let sender = post.sender();
    post.message(&Message { lane: Lane::Page, ..message("answer", "answer") }.thread_of("question")).await;
    post.send(&sender).await;
    assert!(post.said(CHANNEL).is_empty(), "there is no question yet");
    post.message(&Message { lane: Lane::Digest, ..message("question", "question") }).await;
    post.send(&sender).await;
    assert_eq!(post.said(CHANNEL), ["question", "answer"]);
    let (question, answer) = (&post.slack.posted(CHANNEL)[0], &post.slack.posted(CHANNEL)[1]);
    assert_eq!(answer.message().expect("a message")["thread_ts"], question.ts());
    assert_eq!(post.slack.log("chat.postMessage")[1].text("reply_broadcast"), "false");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_change_while_it_is_being_sent_is_sent_after_it(db: PgPool) {
    let post = Post::open(&db).await;
    let sender = post.sender();
    post.slack.trouble("chat.postMessage", Trouble::Slow(Duration::from_millis(300)), When::After, 1);
    post.message(&message("one", "first")).await;
    let sending = tokio::spawn(async move { sender.once(1).await });
    until("the call", async || (post.slack.calls("chat.postMessage") == 1).then_some(())).await;
    post.message(&message("one", "second")).await;
    sending.await.expect("no panic").expect("the outbox");
    post.pass(1.0).await;
    post.send(&post.sender()).await;
    assert_eq!(post.said(CHANNEL), ["second"]);
    assert_eq!(post.listed().await, ["one: sent"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_change_of_what_may_have_been_posted_is_shown_as_well(db: PgPool) {
    let post = Post::open(&db).await;
    post.slack.trouble("chat.postMessage", Trouble::Reset, When::After, 1);
    post.message(&message("one", "first")).await;
    post.sender().once(1).await.expect("the outbox");
    post.message(&message("one", "second")).await;
    post.pass(60.0).await;
    post.send(&post.sender()).await;
    assert_eq!(post.said(CHANNEL), ["second"]);
    assert_eq!((post.slack.calls("chat.postMessage"), post.slack.calls("chat.update")), (1, 1));
}
