//! What people chose to go without, at the moment of sending.

use console::Administrators;
use console::notify::{Destination, Kind, Lane, Message};
use domain::outbox_list::{Listed, State};
use domain::person::Person;
use domain::preference::{self, Way};
use integrations::fake::slack::CHANNEL;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Post, card};
use crate::common::people;

async fn person(db: &PgPool, name: &str) -> Uuid {
    Person::named(db, name).await.expect("people").expect("a person").id
}

async fn choose(db: &PgPool, name: &str, kind: Kind, way: Way) {
    preference::choose(db, person(db, name).await, kind, way).await.expect("a choice");
}

async fn to(db: &PgPool, key: &str, name: &str, kind: Kind) -> Message {
    Message::new(key, Lane::Update, Destination::Person(person(db, name).await), card(key)).of(kind)
}

fn group() -> Administrators {
    Administrators { group: Some("everybody".into()), channel: None }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn who_turned_a_kind_off_gets_none_of_it_and_others_do(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let post = Post::open(&db).await;
    choose(&db, "ada", Kind::Shift, Way::Off).await;
    for name in ["ada", "grace"] {
        let elsewhere = Destination::SlackChannel(CHANNEL.into());
        post.message(&to(&db, &format!("shift of {name}"), name, Kind::Shift).await.or_else(elsewhere)).await;
    }
    post.message(&to(&db, "disk", "ada", Kind::Incident).await).await;
    post.send(&post.sender()).await;
    assert_eq!((post.said("D0ADA"), post.said("D0GRACE")), (vec!["disk".to_string()], vec!["shift of grace".into()]));
    assert_eq!(post.said(CHANNEL), Vec::<String>::new(), "it goes no other way");
    insta::assert_snapshot!(post.listed().await.join("\n"), @r"
    shift of ada: declined (they chose to get no shifts by direct message)
    shift of grace: sent
    disk: sent
    ");
    assert_eq!(post.slack.calls("conversations.open"), 2, "nothing is asked of Slack for who wants nothing");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_must_reach_somebody_does_whatever_is_stored(db: PgPool) {
    people(&db, "ada").await;
    let post = Post::open(&db).await;
    for kind in Kind::ALL {
        choose(&db, "ada", kind, Way::Off).await;
        post.message(&to(&db, kind.as_str(), "ada", kind).await).await;
    }
    let unknown = Destination::Person(person(&db, "ada").await);
    post.message(&Message::new("older", Lane::Update, unknown, card("older"))).await;
    sqlx::query("update notify.message set kind = 'newer' where key = 'older'").execute(&db).await.expect("a kind");
    post.send(&post.sender()).await;
    let mut said = post.said("D0ADA");
    said.sort();
    assert_eq!(said, ["answers", "older", "pages"]);
    assert_eq!((post.count(State::Declined).await, post.count(State::Dead).await), (12, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_holds_is_the_choice_at_the_moment_of_sending(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let post = Post::open(&db).await;
    let sender = post.sender();
    post.message(&to(&db, "one", "ada", Kind::Incident).await).await;
    choose(&db, "ada", Kind::Incident, Way::Off).await;
    post.send(&sender).await;
    assert_eq!(post.said("D0ADA"), Vec::<String>::new());
    choose(&db, "grace", Kind::Incident, Way::Off).await;
    post.message(&to(&db, "two", "grace", Kind::Incident).await).await;
    choose(&db, "grace", Kind::Incident, Way::Direct).await;
    post.send(&sender).await;
    assert_eq!(post.said("D0GRACE"), ["two"]);
    // What was declined comes when it changes after they want it again.
    choose(&db, "ada", Kind::Incident, Way::Direct).await;
    post.send(&sender).await;
    assert_eq!(post.said("D0ADA"), Vec::<String>::new());
    post.message(&Message { card: card("one changed"), ..to(&db, "one", "ada", Kind::Incident).await }).await;
    post.send(&sender).await;
    assert_eq!(post.said("D0ADA"), ["one changed"]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_somebody_got_goes_on_to_change_after_they_turned_its_kind_off(db: PgPool) {
    people(&db, "ada").await;
    let post = Post::open(&db).await;
    let (sender, one) = (post.sender(), to(&db, "one", "ada", Kind::Incident).await);
    post.message(&one).await;
    post.send(&sender).await;
    choose(&db, "ada", Kind::Incident, Way::Off).await;
    post.message(&Message { card: card("over"), ..one }).await;
    post.send(&sender).await;
    assert_eq!((post.said("D0ADA"), post.slack.calls("chat.postMessage")), (vec!["over".to_string()], 1));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn each_member_of_a_group_chooses_for_themselves(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let post = Post::with(&db, group()).await;
    choose(&db, "grace", Kind::Alarm, Way::Off).await;
    let alarm = |title: &str| Message::new("one", Lane::Page, Destination::Administrators, card(title)).of(Kind::Alarm);
    post.message(&alarm("stopped")).await;
    let sender = post.sender();
    post.send(&sender).await;
    assert_eq!((post.said("D0ADA"), post.said("D0GRACE")), (vec!["stopped".to_string()], vec![]));
    post.message(&alarm("settled")).await;
    post.send(&sender).await;
    assert_eq!((post.said("D0ADA"), post.said("D0GRACE")), (vec!["settled".to_string()], vec![]));
    assert_eq!((post.count(State::Declined).await, post.count(State::Dead).await), (1, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_may_have_been_posted_is_settled_before_it_is_declined(db: PgPool) {
    people(&db, "ada\ngrace").await;
    let post = Post::open(&db).await;
    let sender = post.sender();
    for name in ["ada", "grace"] {
        post.message(&to(&db, &format!("to {name}"), name, Kind::Incident).await).await;
    }
    post.send(&sender).await;
    // As after a crash between the call and its record; Grace's was never posted.
    sqlx::query("update notify.message set channel = null, ts = null, state = 'waiting', unsure_since = now()")
        .execute(&db)
        .await
        .expect("a crash");
    sqlx::query("update notify.message set id = gen_random_uuid() where key = 'to grace'")
        .execute(&db)
        .await
        .expect("another");
    for name in ["ada", "grace"] {
        choose(&db, name, Kind::Incident, Way::Off).await;
    }
    post.send(&sender).await;
    assert_eq!(post.listed().await.iter().filter(|it| it.starts_with("to ada: sent")).count(), 1);
    assert_eq!(post.count(State::Declined).await, 1);
    assert_eq!((post.slack.calls("chat.postMessage"), post.unsettled().await), (2, 0));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_flood_that_goes_together_keeps_kinds_apart(db: PgPool) {
    people(&db, "ada").await;
    let post = Post::open(&db).await;
    for number in 0..25 {
        post.message(&to(&db, &format!("incident {number}"), "ada", Kind::Incident).await).await;
        post.message(&to(&db, &format!("shift {number}"), "ada", Kind::Shift).await).await;
    }
    choose(&db, "ada", Kind::Shift, Way::Off).await;
    post.send(&post.sender()).await;
    assert_eq!(post.said("D0ADA"), ["25 messages"]);
    assert_eq!((post.count(State::Bundled).await, post.count(State::Declined).await), (25, 25));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_answer_to_a_declined_message_comes_by_itself_and_declined_ones_are_forgotten(db: PgPool) {
    people(&db, "ada").await;
    let post = Post::open(&db).await;
    choose(&db, "ada", Kind::Incident, Way::Off).await;
    post.message(&to(&db, "quiet", "ada", Kind::Incident).await).await;
    post.message(&to(&db, "loud", "ada", Kind::Page).await.thread_of("quiet")).await;
    post.send(&post.sender()).await;
    assert_eq!(post.said("D0ADA"), ["loud"]);
    let forgotten = domain::outbox_list::forget(&db, chrono::Utc::now() + chrono::TimeDelta::hours(1)).await;
    assert_eq!(forgotten.expect("the outbox"), 2);
    assert_eq!(Listed::newest(&db, None, 9).await.expect("the outbox"), []);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn administrators_who_all_turned_alarms_off_still_get_them(db: PgPool) {
    people(&db, "ada\ngrace\nlinus disabled").await;
    let post = Post::with(&db, group()).await;
    let sender = post.sender();
    let alarm = |key: &str, kind| Message::new(key, Lane::Page, Destination::Administrators, card(key)).of(kind);
    for kind in [Kind::Alarm, Kind::Undelivered] {
        choose(&db, "ada", kind, Way::Off).await;
        choose(&db, "grace", kind, Way::Off).await;
    }
    post.message(&alarm("the brake holds", Kind::Alarm)).await;
    post.message(&alarm("not delivered", Kind::Undelivered)).await;
    post.send(&sender).await;
    assert_eq!((post.said("D0ADA"), post.said("D0GRACE")), (vec!["the brake holds".to_string()], post.said("D0ADA")));
    // One of them is enough, so that the other's word holds again.
    choose(&db, "grace", Kind::Alarm, Way::Direct).await;
    post.message(&alarm("the brake holds again", Kind::Alarm)).await;
    post.send(&sender).await;
    assert_eq!((post.said("D0ADA").len(), post.said("D0GRACE").len()), (1, 2));
}
