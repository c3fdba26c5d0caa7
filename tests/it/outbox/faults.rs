use std::time::Duration;

use console::notify::Lane;
use domain::outbox_list::{self, State};
use integrations::fake::slack::{CHANNEL, SlackChannel, Trouble, When};
use sqlx::PgPool;

use super::Post;

const TROUBLES: [Trouble; 3] = [Trouble::Broken, Trouble::Reset, Trouble::Hang];

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_done_though_no_answer_came_is_found_and_not_sent_twice(db: PgPool) {
    let post = Post::open(&db).await;
    for trouble in TROUBLES {
        let key = format!("{trouble:?}");
        post.slack.trouble("chat.postMessage", trouble, When::After, 1);
        post.put(&key, Lane::Page).await;
        let sender = post.sender();
        sender.once(1).await.expect("the outbox");
        assert_eq!(post.count(State::Waiting).await, 1, "{key}");
        post.pass(60.0).await;
        // Another replica settles it, too.
        post.send(&post.sender()).await;
    }
    assert_eq!(post.said(CHANNEL), ["Broken", "Reset", "Hang"]);
    assert_eq!((post.slack.calls("chat.postMessage"), post.slack.calls("conversations.history")), (3, 3));
    assert_eq!((post.count(State::Sent).await, post.unsettled().await), (3, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_sent_while_the_database_went_away_is_found_and_not_sent_twice(db: PgPool) {
    let post = Post::open(&db).await;
    let refuses =
        "create function public.away() returns trigger language plpgsql as 'begin raise exception ''away''; end'";
    let once = "create trigger away before update on notify.message for each row when (new.ts is not null)
        execute function public.away()";
    for statement in [refuses, once] {
        sqlx::query(statement).execute(&db).await.expect("a statement");
    }
    post.put("one", Lane::Page).await;
    post.sender().once(1).await.expect("the outbox");
    assert_eq!((post.said(CHANNEL).len(), post.count(State::Waiting).await), (1, 1));
    sqlx::query("drop trigger away on notify.message").execute(&db).await.expect("a statement");
    post.pass(60.0).await;
    post.send(&post.sender()).await;
    assert_eq!((post.said(CHANNEL), post.count(State::Sent).await), (vec!["one".to_string()], 1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_was_not_done_is_looked_for_and_sent_again(db: PgPool) {
    let post = Post::open(&db).await;
    for trouble in TROUBLES {
        let key = format!("{trouble:?}");
        post.slack.trouble("chat.postMessage", trouble, When::Before, 1);
        post.put(&key, Lane::Page).await;
        post.sender().once(1).await.expect("the outbox");
        post.pass(60.0).await;
        post.send(&post.sender()).await;
    }
    assert_eq!(post.said(CHANNEL), ["Broken", "Reset", "Hang"]);
    assert_eq!((post.slack.calls("chat.postMessage"), post.slack.calls("conversations.history")), (6, 3));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn nothing_is_sent_again_while_one_cannot_look(db: PgPool) {
    let post = Post::open(&db).await;
    post.slack.trouble("chat.postMessage", Trouble::Reset, When::After, 1);
    post.slack.trouble("conversations.history", Trouble::Broken, When::Before, 2);
    post.put("one", Lane::Page).await;
    let sender = post.sender();
    sender.once(1).await.expect("the outbox");
    post.pass(60.0).await;
    sender.once(1).await.expect("the outbox");
    assert_eq!((post.slack.calls("chat.postMessage"), post.slack.calls("conversations.history")), (1, 2));
    assert_eq!(post.count(State::Waiting).await, 1);
    post.pass(60.0).await;
    post.send(&sender).await;
    assert_eq!((post.said(CHANNEL), post.slack.calls("chat.postMessage")), (vec!["one".to_string()], 1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn where_looking_is_forbidden_it_is_sent_again_and_counted(db: PgPool) {
    let post = Post::open(&db).await;
    post.slack.scopes(&["chat:write"]);
    post.slack.trouble("chat.postMessage", Trouble::Reset, When::After, 1);
    post.put("one", Lane::Page).await;
    post.sender().once(1).await.expect("the outbox");
    post.pass(60.0).await;
    post.send(&post.sender()).await;
    assert_eq!((post.said(CHANNEL).len(), post.unsettled().await), (2, 1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_answer_that_was_done_is_found_in_its_thread(db: PgPool) {
    let post = Post::open(&db).await;
    post.put("question", Lane::Page).await;
    post.send(&post.sender()).await;
    post.slack.trouble("chat.postMessage", Trouble::Reset, When::After, 1);
    let answer = super::card("answer");
    let destination = console::notify::Destination::SlackChannel(CHANNEL.into());
    let answer = console::notify::Message::new("answer", Lane::Page, destination, answer);
    post.message(&answer.thread_of("question")).await;
    post.sender().once(1).await.expect("the outbox");
    post.pass(60.0).await;
    post.send(&post.sender()).await;
    assert_eq!(post.said(CHANNEL), ["question", "answer"]);
    assert_eq!(post.slack.calls("conversations.replies"), 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn no_replica_calls_before_the_time_that_slack_asked_for(db: PgPool) {
    let post = Post::open(&db).await;
    for number in 0..8 {
        post.slack.channel(SlackChannel::new(format!("C{number}"), format!("c{number}")));
    }
    post.slack.trouble("chat.postMessage", Trouble::Limited(Duration::from_secs(30)), When::Before, 1);
    post.put_to("first", Lane::Page, "C0").await;
    let (one, two) = (post.sender(), post.sender());
    one.once(1).await.expect("the outbox");
    for number in 1..8 {
        post.put_to(&format!("m{number}"), Lane::Page, &format!("C{number}")).await;
    }
    for _ in 0..4 {
        assert_eq!(one.once(16).await.expect("the outbox") + two.once(16).await.expect("the outbox"), 0);
        post.pass(7.0).await;
    }
    assert_eq!(post.slack.calls("chat.postMessage"), 1, "28 of 30 seconds are over");
    post.pass(2.5).await;
    // The first client also counts by its own clock, which no test turns.
    post.send(&two).await;
    assert_eq!((post.count(State::Sent).await, post.slack.calls("chat.postMessage")), (8, 9));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn after_half_an_hour_without_slack_everything_arrives_in_order(db: PgPool) {
    let post = Post::open(&db).await;
    let sender = post.sender();
    post.put("before", Lane::Update).await;
    post.send(&sender).await;
    post.slack.broken(100_000);
    for number in 0..12 {
        post.put(&format!("m{number:02}"), Lane::Update).await;
        for _ in 0..5 {
            sender.once(16).await.expect("the outbox");
            post.pass(30.0).await;
        }
    }
    assert_eq!(post.said(CHANNEL), ["before"]);
    let tries = post.slack.calls("chat.postMessage") + post.slack.calls("conversations.history");
    assert!(tries < 300, "{tries} calls for nothing");
    post.slack.well_again();
    let mut seconds = 0;
    while post.count(State::Sent).await < 13 {
        sender.once(16).await.expect("the outbox");
        post.pass(1.0).await;
        seconds += 1;
        assert!(seconds <= 60, "later than a minute after the outage: {:?}", post.listed().await);
    }
    let order: Vec<String> = ["before".into()].into_iter().chain((0..12).map(|it| format!("m{it:02}"))).collect();
    assert_eq!((post.said(CHANNEL), post.unsettled().await), (order, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_fails_for_a_day_is_set_aside_and_can_be_tried_again(db: PgPool) {
    let post = Post::open(&db).await;
    post.slack.broken(1000);
    post.put("one", Lane::Page).await;
    post.sender().once(1).await.expect("the outbox");
    post.pass(25.0 * 3600.0).await;
    post.sender().once(1).await.expect("the outbox");
    assert!(post.listed().await[0].starts_with("one: dead (given up after a day"), "{:?}", post.listed().await);
    post.slack.well_again();
    assert_eq!(outbox_list::retry(&db, None).await.expect("the outbox"), 1);
    post.send(&post.sender()).await;
    assert_eq!(post.said(CHANNEL), ["one"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_refused_app_waits_until_somebody_mends_it(db: PgPool) {
    let post = Post::open(&db).await;
    post.slack.scopes(&["commands"]);
    for key in ["one", "two"] {
        post.put(key, Lane::Page).await;
    }
    let sender = post.sender();
    post.send(&sender).await;
    assert!(post.slack.calls("chat.postMessage") < 3, "one call a minute is enough");
    assert_eq!(post.count(State::Waiting).await, 2);
    post.slack.scopes(&["chat:write", "channels:history"]);
    post.pass(120.0).await;
    post.send(&sender).await;
    assert_eq!(post.said(CHANNEL), ["one", "two"]);
}
