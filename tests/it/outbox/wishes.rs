//! What people wish of when and where they are told.

use chrono::{TimeDelta, Utc};
use console::notify::{Destination, Kind, Lane, Message};
use domain::outbox_held;
use domain::outbox_list::State;
use domain::person::Person;
use domain::preference::{self, Way};
use domain::rhythm::Own;
use integrations::fake::slack::SlackChannel;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Post, card};
use crate::common::people;

/// A channel of the team that everybody is in.
const TEAM: &str = "C0TEAM";

async fn person(db: &PgPool, name: &str) -> Uuid {
    Person::named(db, name).await.expect("people").expect("a person").id
}

/// Somebody rests now, for two hours around this moment.
async fn rests(db: &PgPool, name: &str) {
    let hour = |hours| (Utc::now() + TimeDelta::hours(hours)).format("%H:%M").to_string();
    let quiet = Some(format!("{}-{}", hour(-1), hour(1)).parse().expect("quiet hours"));
    Own { quiet, ..Own::default() }.keep(db, person(db, name).await).await.expect("a wish");
}

/// As when their quiet hours are over.
async fn wakes(db: &PgPool, name: &str) {
    Own::default().keep(db, person(db, name).await).await.expect("a wish");
    sqlx::query("update notify.message set held_until = now() where state = 'held'").execute(db).await.expect("time");
    outbox_held::release(db).await.expect("the outbox");
}

async fn to(db: &PgPool, key: &str, name: &str, kind: Kind) -> Message {
    Message::new(key, Lane::Update, Destination::Person(person(db, name).await), card(key)).of(kind)
}

/// The catalog says which channel the team of everybody has.
async fn channel_of_everybody(post: &Post, channel: &str) {
    post.slack.channel(SlackChannel::new(TEAM, "team"));
    let document = json!({ "metadata": { "annotations": { "pinconsole.io/slack-channel": channel } } });
    sqlx::query(
        "insert into catalog.entity (ref, kind, namespace, name, document, source, location, line, digest)
         values ('group:default/everybody', 'Group', 'default', 'everybody', $1, 'files', 'file:teams.yaml', 1, '')
         on conflict (ref) do update set document = excluded.document",
    )
    .bind(document)
    .execute(&post.db)
    .await
    .expect("an entity");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn in_quiet_hours_only_what_must_be_acted_on_comes_and_the_rest_when_they_end(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let post = Post::open(&db).await;
    let sender = post.sender();
    rests(&db, "ada").await;
    for name in ["ada", "grace"] {
        post.message(&to(&db, &format!("review for {name}"), name, Kind::ReviewRequest).await).await;
    }
    post.message(&to(&db, "disk full", "ada", Kind::Page).await).await;
    post.message(&to(&db, "what you asked", "ada", Kind::Answer).await).await;
    post.send(&sender).await;
    assert_eq!(post.said("D0ADA"), ["disk full", "what you asked"]);
    assert_eq!(post.said("D0GRACE"), ["review for grace"]);
    let line = |it: &String| it.starts_with("review for ada: held");
    assert_eq!((post.count(State::Held).await, post.listed().await.iter().any(line)), (1, true));

    // What changes meanwhile comes once, as it is when they end.
    post.message(&Message { card: card("merged"), ..to(&db, "review for ada", "ada", Kind::ReviewRequest).await })
        .await;
    post.send(&sender).await;
    assert_eq!((post.count(State::Held).await, post.said("D0ADA").len()), (1, 2));
    wakes(&db, "ada").await;
    post.send(&sender).await;
    assert_eq!(post.said("D0ADA"), ["disk full", "what you asked", "merged"]);
    assert_eq!(post.count(State::Held).await, 0);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_they_got_goes_on_to_change_in_quiet_hours_and_answers_below_it_wait(db: PgPool) {
    people(&db, "ada").await;
    let post = Post::open(&db).await;
    let (sender, one) = (post.sender(), to(&db, "one", "ada", Kind::Reviewed).await);
    post.message(&one).await;
    post.send(&sender).await;
    rests(&db, "ada").await;
    post.message(&Message { card: card("one, approved"), ..one }).await;
    post.message(&to(&db, "Grace approved", "ada", Kind::Reviewed).await.thread_of("one")).await;
    post.send(&sender).await;
    assert_eq!(post.said("D0ADA"), ["one, approved"]);
    wakes(&db, "ada").await;
    post.send(&sender).await;
    assert_eq!(post.said("D0ADA"), ["one, approved", "Grace approved"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_gathered_in_quiet_hours_comes_as_one_list(db: PgPool) {
    people(&db, "ada").await;
    let post = Post::open(&db).await;
    let sender = post.sender();
    rests(&db, "ada").await;
    for number in 0..25 {
        post.message(&to(&db, &format!("change {number}"), "ada", Kind::Comment).await).await;
    }
    post.send(&sender).await;
    assert_eq!((post.said("D0ADA").len(), post.count(State::Held).await), (0, 25));
    wakes(&db, "ada").await;
    post.send(&sender).await;
    assert_eq!(post.said("D0ADA"), ["25 messages"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_rests_at_other_times_from_now_on_gets_what_was_held(db: PgPool) {
    people(&db, "ada").await;
    let post = Post::open(&db).await;
    let sender = post.sender();
    rests(&db, "ada").await;
    post.message(&to(&db, "one", "ada", Kind::Merge).await).await;
    post.send(&sender).await;
    assert_eq!(post.count(State::Held).await, 1);
    let ada = person(&db, "ada").await;
    Own::default().keep(&db, ada).await.expect("a wish");
    outbox_held::again(&db, ada).await.expect("the outbox");
    post.send(&sender).await;
    assert_eq!(post.said("D0ADA"), ["one"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_kind_comes_in_the_channel_of_their_team_and_once_what_the_team_is_asked(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let post = Post::open(&db).await;
    let sender = post.sender();
    channel_of_everybody(&post, TEAM).await;
    for name in ["ada", "grace"] {
        let person = person(&db, name).await;
        preference::choose(&db, person, Kind::TeamReview, Way::Channel).await.expect("a choice");
        let key = format!("pull/7/{person}");
        post.message(&Message { key, ..to(&db, "Retry once", name, Kind::TeamReview).await }).await;
    }
    post.send(&sender).await;
    assert_eq!(post.said(TEAM), ["Retry once"]);
    assert_eq!((post.said("D0ADA").len(), post.said("D0GRACE").len()), (0, 0));
    assert_eq!(post.count(State::Declined).await, 1, "the other one is there already");

    // What is meant for one of them names who that is, and goes on to change.
    preference::choose(&db, person(&db, "ada").await, Kind::Checks, Way::Channel).await.expect("a choice");
    let failed = to(&db, "Checks fail", "ada", Kind::Checks).await;
    post.message(&failed).await;
    post.send(&sender).await;
    let drawn = |at: usize| post.slack.posted(TEAM)[at].message().expect("a message").to_string();
    assert!(drawn(1).contains("U0ADA") && !drawn(0).contains("U0ADA"), "{}", drawn(1));
    post.message(&Message { card: card("Checks pass"), ..failed }).await;
    post.send(&sender).await;
    assert_eq!(post.said(TEAM), ["Retry once", "Checks pass"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn where_the_channel_takes_nothing_it_comes_directly_after_all(db: PgPool) {
    people(&db, "ada").await;
    let post = Post::open(&db).await;
    let sender = post.sender();
    preference::choose(&db, person(&db, "ada").await, Kind::Merge, Way::Channel).await.expect("a choice");
    post.message(&to(&db, "no channel", "ada", Kind::Merge).await).await;
    post.send(&sender).await;
    assert_eq!(post.said("D0ADA"), ["no channel"]);
    channel_of_everybody(&post, TEAM).await;
    post.slack.channel(SlackChannel { archived: true, ..SlackChannel::new(TEAM, "team") });
    post.message(&to(&db, "archived", "ada", Kind::Merge).await).await;
    post.send(&sender).await;
    assert_eq!(post.said("D0ADA"), ["no channel", "archived"]);
}
