use console::notify::{self, Destination, Lane, Message, wake};
use domain::outbox_list::State;
use integrations::fake::slack::{CHANNEL, SlackChannel};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::{Post, card};
use crate::common::until;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_row_becomes_a_message(db: PgPool) {
    let post = Post::open(&db).await;
    let stop = CancellationToken::new();
    let running = tokio::spawn(post.sender().run(stop.clone()));
    let mut transaction = db.begin().await.expect("a transaction");
    let message = Message::new("one", Lane::Page, Destination::SlackChannel(CHANNEL.into()), card("one"));
    notify::put(&mut *transaction, &message).await.expect("put");
    assert!(post.said(CHANNEL).is_empty());
    transaction.commit().await.expect("a commit");
    wake();
    until("the message", async || (post.said(CHANNEL) == ["one"]).then_some(())).await;
    until("its record", async || (post.count(State::Sent).await == 1).then_some(())).await;
    let call = &post.slack.log("chat.postMessage")[0];
    assert!(call.text("metadata").contains("\"event_type\":\"pinconsole_message\""), "{call:?}");
    assert_eq!((call.text("unfurl_links"), call.text("unfurl_media")), ("false", "false"));
    stop.cancel();
    running.await.expect("the sender ends");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_is_rolled_back_is_never_sent(db: PgPool) {
    let post = Post::open(&db).await;
    let mut transaction = db.begin().await.expect("a transaction");
    let message = Message::new("one", Lane::Page, Destination::SlackChannel(CHANNEL.into()), card("one"));
    notify::put(&mut *transaction, &message).await.expect("put");
    transaction.rollback().await.expect("a rollback");
    post.send(&post.sender()).await;
    assert_eq!(post.slack.calls("chat.postMessage"), 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn pages_go_before_updates_before_digests_and_older_before_newer(db: PgPool) {
    let post = Post::open(&db).await;
    for (key, lane) in [("d", Lane::Digest), ("u1", Lane::Update), ("p1", Lane::Page), ("u2", Lane::Update)] {
        post.put(key, lane).await;
    }
    post.put("p2", Lane::Page).await;
    post.send(&post.sender()).await;
    assert_eq!(post.said(CHANNEL), ["p1", "p2", "u1", "u2", "d"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_most_urgent_channel_comes_first(db: PgPool) {
    let post = Post::open(&db).await;
    for (channel, lane) in [("C1", Lane::Digest), ("C2", Lane::Page), ("C3", Lane::Update)] {
        post.slack.channel(SlackChannel::new(channel, channel));
        post.put_to(channel, lane, channel).await;
    }
    let sender = post.sender();
    while sender.once(1).await.expect("the outbox") > 0 {}
    let order: Vec<String> = post.slack.log("chat.postMessage").iter().map(|it| it.text("channel").into()).collect();
    assert_eq!(order, ["C2", "C3", "C1"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_channel_gets_one_message_a_second(db: PgPool) {
    let post = Post::open(&db).await;
    post.slack.channel(SlackChannel::new("C0OTHER", "other"));
    for key in ["one", "two"] {
        post.put(key, Lane::Page).await;
    }
    post.put_to("other", Lane::Digest, "C0OTHER").await;
    let (first, second) = (post.sender(), post.sender());
    assert_eq!(first.once(16).await.expect("the outbox"), 2, "one in each channel");
    assert_eq!(second.once(16).await.expect("the outbox"), 0, "the pace binds every replica");
    post.pass(0.5).await;
    assert_eq!(second.once(16).await.expect("the outbox"), 0);
    post.pass(0.6).await;
    assert_eq!(second.once(16).await.expect("the outbox"), 1);
    assert_eq!(post.said(CHANNEL), ["one", "two"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_form_of_a_newer_program_is_left_to_it(db: PgPool) {
    let post = Post::open(&db).await;
    post.put("new", Lane::Page).await;
    sqlx::query("update notify.message set format = format + 1").execute(&db).await.expect("a newer form");
    post.put("old", Lane::Digest).await;
    post.send(&post.sender()).await;
    assert_eq!(post.listed().await, ["new: waiting", "old: sent"]);
}
