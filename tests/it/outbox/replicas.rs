use std::collections::HashSet;

use console::notify::Lane;
use domain::outbox_claim::Claim;
use domain::outbox_list::State;
use integrations::fake::slack::{CHANNEL, SlackChannel, Trouble, When};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::Post;
use crate::common::until;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn two_replicas_send_each_row_once(db: PgPool) {
    let post = Post::open(&db).await;
    for number in 0..60 {
        let channel = format!("C{}", number % 30);
        post.slack.channel(SlackChannel::new(channel.clone(), channel.clone()));
        post.put_to(&format!("m{number}"), Lane::Update, &channel).await;
    }
    let stop = CancellationToken::new();
    let running = [post.sender(), post.sender()].map(|it| tokio::spawn(it.run(stop.clone())));
    until("every message", async || (post.count(State::Sent).await == 60).then_some(())).await;
    stop.cancel();
    for it in running {
        it.await.expect("the sender ends");
    }
    let calls = post.slack.log("chat.postMessage");
    let ids: HashSet<&str> = calls.iter().map(|it| it.text("metadata")).collect();
    assert_eq!((calls.len(), ids.len(), post.unsettled().await), (60, 60, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn one_replica_at_a_time_serves_a_channel(db: PgPool) {
    let post = Post::open(&db).await;
    post.put("one", Lane::Page).await;
    post.put("two", Lane::Page).await;
    let held = Claim::some(&db, 1, 16).await.expect("a claim");
    assert_eq!(held.len(), 1);
    assert_eq!(Claim::some(&db, 1, 16).await.expect("no claim").len(), 0);
    post.pass(5.0).await;
    assert_eq!(Claim::some(&db, 1, 16).await.expect("no claim").len(), 0, "the lease holds");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_a_dead_replica_had_posted_is_found(db: PgPool) {
    let post = Post::open(&db).await;
    post.slack.trouble("chat.postMessage", Trouble::Hang, When::After, 1);
    post.put("one", Lane::Page).await;
    let sender = post.sender();
    let dying = tokio::spawn(async move { sender.once(1).await });
    until("the message", async || (!post.said(CHANNEL).is_empty()).then_some(())).await;
    dying.abort();
    assert!(dying.await.expect_err("it died").is_cancelled());
    assert_eq!(post.sender().once(1).await.expect("the outbox"), 0, "its lease holds for a while");
    post.pass(11.0).await;
    post.send(&post.sender()).await;
    assert_eq!((post.said(CHANNEL).len(), post.slack.calls("chat.postMessage")), (1, 1));
    assert_eq!((post.listed().await, post.unsettled().await), (vec!["one: sent".to_string()], 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_a_dead_replica_had_only_claimed_is_sent(db: PgPool) {
    let post = Post::open(&db).await;
    post.put("one", Lane::Page).await;
    drop(Claim::some(&db, 1, 1).await.expect("a claim"));
    post.pass(11.0).await;
    post.send(&post.sender()).await;
    assert_eq!(post.said(CHANNEL), ["one"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_was_frozen_past_the_lease_calls_nobody(db: PgPool) {
    let post = Post::open(&db).await;
    post.put("one", Lane::Page).await;
    let frozen = Claim::some(&db, 1, 1).await.expect("a claim").remove(0);
    post.pass(11.0).await;
    assert_eq!(frozen.may(&db, "chat.postMessage").await.expect("an answer"), None);
    post.send(&post.sender()).await;
    assert_eq!(frozen.may(&db, "chat.postMessage").await.expect("an answer"), None, "nor after another one's");
    let place = (CHANNEL, "1.000001");
    assert!(!frozen.sent(&db, place, std::time::Duration::ZERO, 0).await.expect("an answer"));
    frozen.posted_late(&db, place.1).await.expect("noted");
    assert_eq!(post.unsettled().await, 1, "what it posted all the same is counted");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_pool_of_one_connection_is_enough(db: PgPool) {
    let post = Post::open(&db).await;
    for number in 0..10 {
        let channel = format!("C{number}");
        post.slack.channel(SlackChannel::new(channel.clone(), channel.clone()));
        post.put_to(&format!("m{number}"), Lane::Update, &channel).await;
    }
    let options = sqlx::postgres::PgPoolOptions::new().max_connections(1);
    let one = options.connect_with((*db.connect_options()).clone()).await.expect("a pool");
    let narrow = Post { db: one, ..post };
    let sender = narrow.sender();
    narrow.send(&sender).await;
    assert_eq!(narrow.count(State::Sent).await, 10);
}
